"""The file of an index: a kind of `mmcourse._machinery.arrays`, whole or refused."""

from mmcourse._machinery.arrays import ArrayFile

INDEX = ArrayFile(b"MMINDEX1", "an index", "Build the index again from the vectors, or copy the file anew.")
write_parts, read_parts = INDEX.write, INDEX.read
