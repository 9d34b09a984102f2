"""Words and regions in one sequence, where everyone looks at everyone."""

from types import MappingProxyType

from mmcourse._machinery.checks import check_whole
from mmcourse.attention import MultiHeadAttention
from mmcourse.backend import keras
from mmcourse.vqa.model import VQAModel

ops, layers = keras.ops, keras.layers


@keras.saving.register_keras_serializable(package="mmcourse")
class WordsAndRegions(VQAModel):
    """A Transformer over words and regions in one sequence (Li, Yatskar, Yin, Hsieh and Chang, 2019, "VisualBERT: A
    simple and performant baseline for vision and language").

    1. x = [a learned vector that asks; words, each with its place; regions, each with its place], (b, 1 + L + m, units)
    2. in each of ``blocks``: x = x + attention(norm(x)); x = x + Dense(gelu(Dense(norm(x)))), 4 d units between
    3. joined = norm(x) at the first place

    Words are vectors with a place each, which nothing has read before the blocks.

    Args: those of `VQAModel`, and
        blocks: how many. heads: attention heads; they divide ``units``.

    ``return_weights``: "image" (b, blocks, m) and "text" (b, blocks, L): how the first place looks at regions and words
    in each block, the mean of its heads.
    """

    READER = MappingProxyType({"kind": "transformer", "blocks": 0, "heads": 1})
    LOOKS_AT = ("image", "text")

    def __init__(self, *args, blocks=3, heads=4, **kwargs):
        super().__init__(*args, **kwargs)
        check_whole(blocks=blocks, heads=heads)
        if self.units % heads:
            raise ValueError(f"Received: units={self.units}, heads={heads}. Allowed: heads that divide the units.")
        self.config |= {"blocks": blocks, "heads": heads}
        self.ask_initializer = keras.initializers.RandomNormal(stddev=self.units**-0.5, seed=next(self.seeds))
        policy = {"dtype": self.dtype_policy}

        def norm(name):
            return layers.LayerNormalization(epsilon=1e-5, name=name, **policy)

        self.parts = [
            {
                "norm": norm(f"norm_{i}"),
                "attention": MultiHeadAttention(
                    self.units, heads, seed=next(self.seeds), name=f"attention_{i}", **policy
                ),
                "inner_norm": norm(f"inner_norm_{i}"),
                "inner": self.dense(4 * self.units, f"inner_{i}", "gelu"),
                "outer": self.dense(self.units, f"outer_{i}"),
            }
            for i in range(blocks)
        ]
        self.last_norm = norm("last_norm")

    def build_join(self, regions, words):
        sequence = (None, None, self.units)
        self.ask = self.add_weight(shape=(1, 1, self.units), initializer=self.ask_initializer, name="ask")
        for part in self.parts:
            part["attention"].build(sequence, sequence)
            for name in ("norm", "inner_norm", "inner"):
                part[name].build(sequence)
            part["outer"].build((None, None, 4 * self.units))
        self.last_norm.build(sequence)
        return self.units

    def join(self, regions, words, question, of_regions, of_words, inputs, training):
        batch = ops.shape(regions)[0]
        ask = ops.broadcast_to(ops.cast(self.ask, words.dtype), (batch, 1, self.units))
        x = ops.concatenate([ask, words, ops.cast(regions, words.dtype)], axis=1)
        real = ops.ones(ops.shape(regions)[:2], "bool") if of_regions is None else ops.cast(of_regions, "bool")
        mask = ops.concatenate([ops.ones((batch, 1), "bool"), of_words, real], axis=1)
        length, looks = words.shape[1] or ops.shape(words)[1], []
        for part in self.parts:
            y = part["norm"](x)
            y, weights = part["attention"](y, y, mask=mask, return_weights=True)  # weights (b, heads, n, n)
            looks.append(ops.mean(weights[:, :, 0], axis=1))
            x = x + self.dropout(y, training=training)
            y = part["outer"](part["inner"](part["inner_norm"](x)))
            x = x + self.dropout(y, training=training)
        looks = ops.stack(looks, axis=1)  # (b, blocks, 1 + L + m)
        return self.last_norm(x[:, 0]), {"text": looks[:, :, 1 : 1 + length], "image": looks[:, :, 1 + length :]}
