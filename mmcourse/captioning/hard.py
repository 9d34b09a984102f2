"""Hard attention in a captioner: one region is seen at each step, drawn in training, chosen in writing."""

from mmcourse._machinery.checks import check_number, check_one_of
from mmcourse._machinery.seeds import independent
from mmcourse.attention import gumbel_key, sample_key
from mmcourse.backend import keras

ops = keras.ops
DRAWING = ("hard", "gumbel")
INFERENCE = ("argmax", "mean")


@keras.saving.register_keras_serializable(package="mmcourse")
class RegionChoice(keras.layers.Layer):
    """From attention weights to how much of each region is seen. It has no weights of its own.

    Args:
        kind: "hard": draws without a gradient and their log-probability, for ``losses.draw_loss``; "gumbel": draws with
            the gradient of smooth ones.
        soft_share: share of the captions, drawn anew for each batch, that see the weighted mean in training in place of
            draws (one half in Xu et al., 2015).
        temperature: of "gumbel", see ``mmcourse.attention.gumbel_key``.
        inference: what is seen where nothing is drawn: "argmax", the region of the largest weight; "mean", all, by
            their weights.
        seed: of the draws.

    Call arguments:
        weights: (n, m), each row a distribution, at least float32.
        draws: bool (n,), the rows that see one drawn region, as of ``begin``. None, outside training: no row draws.

    Returns:
        (n, m), one-hot for what is drawn or of "argmax"; and the draws' log-probability (n,), 0 where nothing was drawn
        or no REINFORCE is needed; None outside training.
    """

    def __init__(self, kind="hard", soft_share=0.0, temperature=1.0, inference="argmax", seed=None, **kwargs):
        super().__init__(**{"dtype": "float32"} | kwargs)  # half of a weight's digits would be lost to mixed precision
        check_one_of(DRAWING, kind=kind)
        check_number("from 0, below 1", at_least=0, at_most=1 - 1e-9, soft_share=soft_share)
        check_number("above 0", above=0, temperature=temperature)
        check_one_of(INFERENCE, inference=inference)
        self.kind, self.soft_share, self.temperature, self.inference = kind, soft_share, temperature, inference
        self.seed = seed
        of_regions, of_captions = independent(seed, 2, "RegionChoice")
        self.region_draws = keras.random.SeedGenerator(of_regions)
        self.caption_draws = keras.random.SeedGenerator(of_captions)
        self.built = True

    def begin(self, n):
        """Which of ``n`` captions draw in this batch: bool (n,)."""
        return keras.random.uniform((n,), seed=self.caption_draws) >= self.soft_share

    def call(self, weights, draws=None):
        if draws is None:
            if self.inference == "mean":
                return weights, None
            return ops.one_hot(ops.argmax(weights, axis=-1), weights.shape[-1], dtype=weights.dtype), None
        if self.kind == "hard":
            chosen, log_probability = sample_key(weights, self.region_draws)
        else:
            chosen = gumbel_key(weights, self.region_draws, self.temperature)
            log_probability = ops.zeros_like(weights[:, 0])
        return (
            ops.where(ops.expand_dims(draws, 1), chosen, weights),
            ops.where(draws, log_probability, ops.zeros_like(log_probability)),
        )

    def get_config(self):
        names = ("kind", "soft_share", "temperature", "inference", "seed")
        return super().get_config() | {name: getattr(self, name) for name in names}
