"""Neural modules: small parts that are put together as the program of each question says."""

import numpy as np

from mmcourse._machinery.checks import check_ids, check_shapes, check_whole, shape_of
from mmcourse._machinery.token_losses import mean_where, token_cross_entropy
from mmcourse.attention import AdditiveAttention
from mmcourse.backend import keras
from mmcourse.vqa.model import VQAModel
from mmcourse.vqa.programs import NOTHING, Steps
from mmcourse.vqa.relations import cell_positions

ops, layers = keras.ops, keras.layers

READS = ("exist", "count", "query", "same", "equal", "more", "fewer")  # the last one reads the answer off
WORDS = {"filter": 3, "relate": 2, "query": 2, "same": 2}  # of a step; all others have one
ALLOWED = ("scene", "filter", "relate", "unique", *READS)
TINY = 1e-6


def check_steps(steps):
    """Raise ValueError for steps that no module carries out."""
    for step in steps:
        if step[0] not in ALLOWED:
            raise ValueError(f"Received: the step {step!r}. Allowed: steps that begin with {', '.join(ALLOWED)}.")
        if len(step) != (many := WORDS.get(step[0], 1)):
            raise ValueError(f"Received: the step {step!r}. Allowed: {step[0]} with {many - 1} more.")
        if step[0] in ("query", "same") and not any(other[:2] == ("filter", step[1]) for other in steps):
            raise ValueError(
                f"Received: the step {step!r}, without a value of {step[1]}. Allowed: beside steps "
                f"('filter', {step[1]!r}, ...), which say what there is to be read."
            )


class _Tables:
    """What each step's number means, as arrays with a row for each number (0: nothing)."""

    def __init__(self, steps):
        # Where there is no filter (or no relation), one that no step asks for: no table is without columns.
        self.concepts = tuple(step[1:] for step in steps if step[0] == "filter") or ((None, None),)
        self.relations = tuple(step[1] for step in steps if step[0] == "relate") or (None,)
        self.attributes = tuple(dict.fromkeys(concept[0] for concept in self.concepts))
        self.reads = tuple(step for step in steps if step[0] in READS)
        rows = (None, *steps)

        def table(columns, fits):
            return np.array([[bool(row and fits(row, column)) for column in columns] for row in rows], "float32")

        self.is_scene = table(["scene"], lambda row, name: row[0] == name)
        self.filters = table(self.concepts, lambda row, concept: row == ("filter", *concept))
        self.relates = table(self.relations, lambda row, relation: row == ("relate", relation))
        self.read = table(self.reads, lambda row, read: row == read)
        self.queried = table(self.attributes, lambda row, name: row == ("query", name))
        self.compared = table(self.attributes, lambda row, name: row == ("same", name))
        self.belongs = np.array([[c[0] == name for c in self.concepts] for name in self.attributes], "float32")


@keras.saving.register_keras_serializable(package="mmcourse")
class NeuralModules(VQAModel):
    """A program reader, and modules that carry the program out on the regions (after Andreas, Rohrbach, Darrell and
    Klein, 2016, "Neural module networks", and Johnson et al., 2017, "Inferring and executing programs for visual
    reasoning"; how modules pass maps from one to the next is that of Mascharka et al., 2018, "Transparency by design").

    **Reader.** For each place t of the program a learned vector and the question look at the words, and
    logits = Dense(ReLU(Dense([vector + question; what was found]))) over the steps. The likeliest step counts.

    **Modules.** Each passes on maps s in [0, 1]^m, one number a region; a second map waits below where a question has
    two parts. With c_v = σ(Dense(regions)) for each value v ("red", "star") and o = σ(Dense(regions)) for "a thing":

    - before the first step: s = o
    - scene: the map goes below, and s = o
    - filter v: s ← s ∘ c_v
    - relate r: s_j ← o_j Σᵢ (s_i / Σ s) k_r(place_j - place_i), k_r a small network of the two numbers
    - unique: nothing changes
    - exist, count, equal, more, fewer: read Σ s and max s, of both maps
    - query a: reads Σᵢ (s_i / Σ s) c_v,i for the values v of attribute a; same a: the dot product of both maps' values

    What the last step reads, and which one that is, is joined; steps 3 and 4 of `VQAModel` follow.

    So filters are detectors that all questions share, and no weight knows how many things there are, nor how long a
    program is. The price: programs must be known for the train questions, and the steps beforehand.

    Args: those of `VQAModel`, and
        steps: all steps of all programs, tuples such as ("filter", "colour", "red"), as `Steps` has them.
        program_length: the longest program that the reader writes.

    Call arguments: those of `VQAModel`, and
        program: optional, int (b, T), by `Steps.encode`; T is the same for all batches. In training it is what the
            reader learns from (its cross-entropy per step, which no ``sample_weight`` weighs, is added to the loss) and
            what the modules follow. In inference the modules follow it where there is one, and else what the reader
            reads. What stands behind the first 0 counts nothing.

    ``return_weights``: "image" (b, T, m), the map after each step, in [0, 1].
    """

    GRID = True
    LOOKS_AT = ("image",)

    def __init__(self, *args, steps, program_length=16, **kwargs):
        super().__init__(*args, **kwargs)
        check_whole(program_length=program_length)
        steps = Steps(steps).steps
        check_steps(steps)
        self.config |= {"steps": [list(step) for step in steps], "program_length": program_length}
        self.tables, self.many_steps = _Tables(steps), len(steps) + 1
        self.turn_initializer = keras.initializers.RandomNormal(stddev=0.1, seed=next(self.seeds))
        policy = self.dtype_policy
        self.turn_question = self.dense(self.units, "turn_question")
        self.read_words = AdditiveAttention(self.units, seed=next(self.seeds), name="read_words", dtype=policy)
        self.turn_hidden = self.dense(self.units, "turn_hidden", "relu")
        self.turn_step = self.dense(self.many_steps, "turn_step")
        self.concepts = self.dense(len(self.tables.concepts), "concepts")
        self.thing = self.dense(1, "thing")
        self.offset_hidden = self.dense(16, "offset_hidden", "tanh")
        self.offset_relation = self.dense(len(self.tables.relations), "offset_relation")

    def build_join(self, regions, words):
        self.turns = self.add_weight(
            shape=(1, self.config["program_length"], self.units), initializer=self.turn_initializer, name="turns"
        )
        self.turn_question.build((None, self.units))
        self.read_words.build((None, None, self.units), words)
        self.turn_hidden.build((None, None, 2 * self.units))
        self.turn_step.build((None, None, self.units))
        self.concepts.build(regions)
        self.thing.build(regions)
        self.offset_hidden.build((None, None, 2))
        self.offset_relation.build((None, None, 16))
        where = cell_positions(self.side)
        self.offsets = where[None, :, :] - where[:, None, :]  # [i, j]: from region i to region j
        tables = self.tables
        return len(tables.reads) + 6 + len(tables.concepts) + len(tables.attributes)

    def read_program(self, words, question, of_words):
        """words (b, L, units), question (b, units), mask bool (b, L) -> logits (b, program_length, steps + 1)."""
        turns = ops.cast(self.turns, words.dtype) + ops.expand_dims(self.turn_question(question), 1)
        found = self.read_words(turns, words, mask=of_words)
        logits = self.turn_step(self.turn_hidden(ops.concatenate([turns, found], axis=-1)))
        return ops.cast(logits, "float32")

    def join(self, regions, words, question, of_regions, of_words, inputs, training):
        logits, program = self.read_program(words, question, of_words), inputs.get("program")
        if program is None:
            return self.follow(ops.argmax(logits, axis=-1), regions)
        check_shapes(image=(inputs["image"], "batch m d"), program=(program, "batch T"))
        check_ids(self.many_steps, program=program)
        if not program.shape[1]:
            raise ValueError(
                f"Received: programs of shape {shape_of(program)}. Allowed: (batch, T), 1 or more, and the same T for "
                "all batches: Steps.encode(programs, length=T)."
            )
        if training:
            self.add_loss(self.reading_loss(logits, program))
        return self.follow(program, regions)

    def reading_loss(self, logits, program):
        """Cross-entropy in nats per step, the first 0 behind the end among them: logits (b, program_length, steps + 1),
        program int (b, T)."""
        length, t = self.config["program_length"], program.shape[1]
        if t > length:
            raise ValueError(f"Received: programs of {t} steps. Allowed: up to program_length={length}.")
        program = ops.pad(_ended(program), ((0, 0), (0, length - t)))
        asked = ops.arange(length) <= _lengths(program)
        return mean_where(token_cross_entropy(program, logits, asked), asked)

    def follow(self, program, regions):
        """Carry programs out, int (b, T), on regions (b, m, units) -> (joined, {"image": maps (b, T, m)})."""
        tables, program = self.tables, _ended(program)
        concepts = ops.sigmoid(ops.cast(self.concepts(regions), "float32"))  # (b, m, values)
        thing = ops.sigmoid(ops.cast(self.thing(regions), "float32")[..., 0] - 2.0)  # (b, m); at first, few are things
        offsets = ops.cast(ops.convert_to_tensor(self.offsets), self.compute_dtype)
        kernel = ops.sigmoid(
            ops.cast(self.offset_relation(self.offset_hidden(offsets)), "float32")
        )  # (m, m, relations)
        top, below, maps = thing, ops.zeros_like(thing), []
        for t in range(program.shape[1]):
            step = ops.one_hot(program[:, t], self.many_steps, dtype="float32")  # (b, steps + 1)
            scene = ops.matmul(step, tables.is_scene)  # (b, 1)
            chosen = ops.matmul(step, tables.filters)  # (b, values)
            related = ops.matmul(step, tables.relates)  # (b, relations)
            filters, relates = (ops.sum(x, axis=-1, keepdims=True) for x in (chosen, related))
            filtered = top * ops.einsum("bmv,bv->bm", concepts, chosen)
            moved = thing * ops.einsum("bi,ijr,br->bj", _share(top), kernel, related)
            below = scene * top + (1 - scene) * below
            stay = 1 - scene - filters - relates
            top = scene * thing + filters * filtered + relates * moved + stay * top
            maps.append(top)
        last = ops.take_along_axis(program, ops.maximum(_lengths(program) - 1, 0), axis=1)[:, 0]
        last = ops.one_hot(last, self.many_steps, dtype="float32")
        joined = ops.concatenate([ops.matmul(last, tables.read), *self.readings(last, top, below, concepts)], axis=-1)
        return ops.cast(joined, self.compute_dtype), {"image": ops.stack(maps, axis=1)}

    def readings(self, last, top, below, concepts):
        """What the last step, one-hot (b, steps + 1), can read off both maps: a list of arrays (b, numbers)."""
        tables = self.tables
        sums = [ops.sum(x, axis=1, keepdims=True) for x in (top, below)]
        largest = [ops.max(x, axis=1, keepdims=True) for x in (top, below)]
        two = ops.sum(ops.matmul(last, tables.read), axis=-1, keepdims=True)  # 1 where a program has an end
        here, there = (ops.einsum("bm,bmv->bv", _share(x), concepts) for x in (top, below))
        queried = here * ops.matmul(ops.matmul(last, tables.queried), tables.belongs)
        # Of each attribute: how much the values agree that both maps show.
        here, there = (x / (ops.matmul(ops.matmul(x, tables.belongs.T), tables.belongs) + TINY) for x in (here, there))
        alike = ops.matmul(here * there, tables.belongs.T) * ops.matmul(last, tables.compared)
        return [*sums, *largest, sums[1] - sums[0], two, queried, alike]


def _ended(program):
    """int (b, T) as int32, with 0 behind the first 0: a reader may go on where it has ended."""
    program = ops.cast(program, "int32")
    return program * ops.cumprod(ops.cast(ops.not_equal(program, NOTHING), "int32"), axis=1)


def _lengths(program):
    """How many steps each program has that `_ended` made: int32 (b, 1)."""
    return ops.sum(ops.cast(ops.not_equal(program, NOTHING), "int32"), axis=1, keepdims=True)


def _share(s):
    """A map (b, m), divided by its sum."""
    return s / (ops.sum(s, axis=1, keepdims=True) + TINY)
