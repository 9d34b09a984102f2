"""Models that look: at regions, at words, at both."""

from mmcourse._machinery.checks import check_given, check_mask, check_one_of, check_shapes, check_whole, shape_of
from mmcourse._machinery.masks import broadcast_mask, given, without_hidden
from mmcourse._machinery.seeds import independent
from mmcourse.attention import AdditiveAttention, masked_softmax
from mmcourse.backend import keras
from mmcourse.vqa.model import VQAModel

ops, layers = keras.ops, keras.layers


@keras.saving.register_keras_serializable(package="mmcourse")
class StackedAttention(VQAModel):
    """The question looks at the picture, and with what it found it looks again (Yang, He, Gao, Deng and Smola, 2016,
    "Stacked attention networks for image question answering").

    u₀ = question; for each hop k = 1 … ``hops``:

    1. with ``words``: cₖ = uₖ₋₁ + Σₗ aₖₗ wordₗ, aₖ = softmax over the words of vᵀ tanh(W uₖ₋₁ + W′ wordₗ): which words
       count now; without: cₖ = uₖ₋₁
    2. αₖ = softmax over the regions of vᵀ tanh(W cₖ + W′ regionᵢ)
    3. uₖ = cₖ + Σᵢ αₖᵢ regionᵢ

    joined = u of the last hop.

    Args: those of `VQAModel`, and
        hops: how often it looks, each time with weights of its own.
        words: whether it looks at the words, too, before each hop.
        weights: on what a region's weight depends: "question", as above; "regions", the same scores without W cₖ, so
            that every question looks at the same places; "equal", on nothing: 1/m. The last two are controls: the same
            network, with as many weights.
    """

    LOOKS_AT = ("image",)

    def __init__(self, *args, hops=2, words=False, weights="question", **kwargs):
        super().__init__(*args, **kwargs)
        check_whole(hops=hops)
        check_one_of((True, False), words=words)
        check_one_of(("question", "regions", "equal"), weights=weights)
        self.config |= {"hops": hops, "words": words, "weights": weights}
        if words:
            self.LOOKS_AT = ("image", "text")

        def attention(name):
            return AdditiveAttention(self.units, seed=next(self.seeds), name=name, dtype=self.dtype_policy)

        self.looks = [attention(f"look_{hop}") for hop in range(hops)]
        self.reads = [attention(f"read_{hop}") for hop in range(hops)] if words else []

    def build_join(self, regions, words):
        one = (None, 1, self.units)
        for look in self.looks:
            look.build(one, regions)
        for read in self.reads:
            read.build(one, words)
        return self.units

    def join(self, regions, words, question, of_regions, of_words, inputs, training):
        u, to_regions, to_words = ops.expand_dims(question, 1), [], []  # u (b, 1, units)
        for hop in range(self.config["hops"]):
            if self.reads:
                read, weights = self.reads[hop](u, words, mask=of_words, return_weights=True)
                to_words.append(weights)
                u = u + read
            seen, weights = self.look(hop, u, regions, of_regions)
            to_regions.append(weights)
            u = u + seen
        found = {"image": to_regions, "text": to_words}
        return u[:, 0], {name: ops.concatenate(one, axis=1) for name, one in found.items() if one}

    def look(self, hop, u, regions, mask):
        """What u (b, 1, units) finds in regions (b, m, units): (b, 1, units), and the weights (b, 1, m)."""
        # A control computes what it does not use, and multiplies it by 0: as many weights, as much time.
        by = self.config["weights"]
        seen, weights = self.looks[hop](0 * u if by == "regions" else u, regions, mask=mask, return_weights=True)
        if by != "equal":
            return seen, weights
        scores = ops.zeros_like(weights)
        weights = masked_softmax(scores, broadcast_mask(mask, scores))
        return ops.matmul(ops.cast(weights, regions.dtype), without_hidden(mask, regions)) + 0 * seen, weights


@keras.saving.register_keras_serializable(package="mmcourse")
class ParallelCoAttention(layers.Layer):
    """Words and regions choose each other, at the same time (Lu, Yang, Batra and Parikh, 2016, "Hierarchical
    question-image co-attention for visual question answering", section 3.3).

    1. affinity C = tanh(Q W V^T), (b, L, m): how well each word fits each region
    2. H_v = tanh(V W_v + Cᵀ (Q W_q)), (b, m, k); H_q = tanh(Q W_q + C (V W_v)), (b, L, k)
    3. a_v = softmax over the regions of H_v w_v; a_q = softmax over the words of H_q w_q
    4. v = Σᵢ a_v[i] V[i], q = Σₗ a_q[l] Q[l]

    Args:
        units: k.
        seed: of the first weights; each matrix draws its own from it.

    Call arguments:
        regions: V (b, m, d). words: Q (b, L, d′).
        region_mask: bool (b, m). word_mask: bool (b, L). True = real; what is not weighs and changes nothing.

    Returns:
        (v (b, d), q (b, d′), a_v (b, m), a_q (b, L)); weights in at least float32.
    """

    def __init__(self, units, seed=None, **kwargs):
        super().__init__(**kwargs)
        check_whole(units=units)
        self.units, self.seed = units, seed
        names = ("affinity", "of_regions", "of_words", "score_regions", "score_words")
        self._seeds = dict(zip(names, independent(seed, len(names), "ParallelCoAttention"), strict=True))

    def build(self, regions_shape, words_shape):
        d, e = self.sizes = regions_shape[-1], words_shape[-1]
        shapes = {
            "affinity": (e, d), "of_regions": (d, self.units), "of_words": (e, self.units),
            "score_regions": (self.units, 1), "score_words": (self.units, 1),
        }  # fmt: skip
        for name, shape in shapes.items():
            initializer = keras.initializers.GlorotUniform(self._seeds[name])
            setattr(self, name, self.add_weight(shape=shape, initializer=initializer, name=name))
        self.built = True

    def call(self, regions, words, region_mask=None, word_mask=None):
        check_given(regions=regions, words=words)
        check_shapes(regions=(regions, f"batch m {self.sizes[0]}"), words=(words, f"batch L {self.sizes[1]}"))
        region_mask, word_mask = given(region_mask), given(word_mask)
        check_mask("region_mask", region_mask, shape_of(regions)[:2])
        check_mask("word_mask", word_mask, shape_of(words)[:2])
        regions, words = without_hidden(region_mask, regions), without_hidden(word_mask, words)
        affinity = ops.tanh(ops.matmul(ops.matmul(words, self.affinity), ops.transpose(regions, (0, 2, 1))))
        of_regions, of_words = ops.matmul(regions, self.of_regions), ops.matmul(words, self.of_words)
        # What is hidden gives nothing to the other side either.
        from_words = ops.matmul(ops.transpose(affinity, (0, 2, 1)), _kept(word_mask, of_words))
        from_regions = ops.matmul(affinity, _kept(region_mask, of_regions))
        looks = ops.matmul(ops.tanh(of_regions + from_words), self.score_regions)[..., 0]
        reads = ops.matmul(ops.tanh(of_words + from_regions), self.score_words)[..., 0]
        looks = masked_softmax(looks, broadcast_mask(region_mask, looks))
        reads = masked_softmax(reads, broadcast_mask(word_mask, reads))
        v = ops.matmul(ops.expand_dims(ops.cast(looks, regions.dtype), 1), regions)[:, 0]
        q = ops.matmul(ops.expand_dims(ops.cast(reads, words.dtype), 1), words)[:, 0]
        return v, q, looks, reads

    def get_config(self):
        return super().get_config() | {"units": self.units, "seed": self.seed}


def _kept(mask, x):
    """x (b, n, k) with 0 where mask (b, n) hides it."""
    return x if mask is None else ops.where(ops.expand_dims(ops.cast(mask, "bool"), -1), x, ops.zeros_like(x))


@keras.saving.register_keras_serializable(package="mmcourse")
class CoAttentionNetwork(VQAModel):
    """Words and regions choose each other (`ParallelCoAttention`): joined = v + q. ``return_weights``: "image"
    (b, 1, m), "text" (b, 1, L)."""

    LOOKS_AT = ("image", "text")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.look = ParallelCoAttention(self.units, seed=next(self.seeds), name="look", dtype=self.dtype_policy)

    def build_join(self, regions, words):
        self.look.build(regions, words)
        return self.units

    def join(self, regions, words, question, of_regions, of_words, inputs, training):
        v, q, looks, reads = self.look(regions, words, of_regions, of_words)
        return v + q, {"image": ops.expand_dims(looks, 1), "text": ops.expand_dims(reads, 1)}
