"""The picture as one vector, the question as one vector, and their product."""

from mmcourse._machinery.checks import check_one_of
from mmcourse.backend import keras
from mmcourse.text.encoder import mean_over_words
from mmcourse.vqa.model import VQAModel

ops = keras.ops
USES = ("both", "image", "text")


@keras.saving.register_keras_serializable(package="mmcourse")
class JointEmbedding(VQAModel):
    """Picture and question as one vector each, multiplied (Antol et al., 2015, "VQA: Visual question answering").

    joined = tanh(Dense(mean of the regions)) ∘ tanh(Dense(question))

    A mean does not know what is where, with ``places`` or without.

    Args: those of `VQAModel`, and
        uses: "both"; or "text" or "image": a blind model, which has that factor only, and is otherwise the same. What
            the other one is made of is there, too, but not trainable: nothing reaches it.
    """

    def __init__(self, *args, uses="both", **kwargs):
        super().__init__(*args, **kwargs)
        check_one_of(USES, uses=uses)
        self.config["uses"] = self.uses = uses
        self.of_image, self.of_text = (
            self.dense(self.units, "of_image", "tanh"),
            self.dense(self.units, "of_text", "tanh"),
        )

    def build_join(self, regions, words):
        self.of_image.build((None, self.units))
        self.of_text.build((None, self.units))
        if self.uses == "text":
            self.region_projection.trainable = self.of_image.trainable = False
            if self.config["places"]:
                self.places.trainable = False
        elif self.uses == "image":
            self.reader.trainable = self.word_norm.trainable = self.of_text.trainable = False
        return self.units

    def join(self, regions, words, question, of_regions, of_words, inputs, training):
        if self.uses == "text":
            return self.of_text(question), {}
        mean = ops.mean(regions, axis=1) if of_regions is None else mean_over_words(regions, of_regions)
        picture = self.of_image(mean)
        return (picture if self.uses == "image" else picture * self.of_text(question)), {}
