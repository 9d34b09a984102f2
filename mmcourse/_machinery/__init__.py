"""What the rooms of topics stand on and nobody types: which backend, seeds, masks, files, repeated training.

It holds no topic, imports no other room but `mmcourse.backend`, and may change without notice.
"""
