"""Quiz of the page `modalities`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "modalities",
    Question(
        "A data set holds a thousand pictures and, in another folder, a thousand captions. Is it multimodal?",
        Option(
            "Yes: it has pictures and text.",
            "Two heaps are not a multimodal data set. Without knowing which caption belongs to which picture, nothing "
            "that connects them can be learned from pairs.",
        ),
        Option(
            "Only if it also says which caption belongs to which picture.",
            "The pairing is what makes it multimodal. It is knowledge, and somebody had to supply it.",
            right=True,
            claim="false pairs leave a coin",
        ),
        Option(
            "Only if every item has a label.",
            "Labels are another kind of knowledge. Pairs without labels are multimodal, and useful: they teach a map "
            "from one modality to the other.",
        ),
    ),
    Question(
        "From the words alone the best possible accuracy is one half, from the voice alone one half, from both 1. Two "
        "classes are equally common. You join both sets of features and train a *linear* classifier, by logistic "
        "regression. What do you get?",
        Option(
            "About one half.",
            "This is synergy. A linear model adds what each says, and each says nothing by itself: products, or a "
            "layer that is not linear, are needed.",
            right=True,
            claim="under irony each alone and both side by side are coins",
        ),
        Option(
            "Close to 1: both modalities are in the input.",
            "In the input is not in use. The ceiling belongs to the data; a model may or may not reach it.",
        ),
        Option(
            "Three quarters, the mean of one half and 1.",
            "No such mean is taken. A straight line can be right in three of the four cases of irony, but the "
            "cross-entropy is least with all weights zero, and that leaves the floor.",
        ),
    ),
    Predict(
        "Four utterances are described by three words and two bands of the voice. What does this code print?",
        """
import numpy as np
words = np.ones((4, 3))
voice = np.ones((4, 2))
both = words[:, :, None] * voice[:, None, :]
print(both.reshape(4, -1).shape)
""",
        Option(
            "`(4, 5)`",
            "That is the shape of both side by side, 3 + 2 numbers for each utterance. Here they are multiplied.",
        ),
        Option(
            "`(4, 3, 2)`",
            "That is `both` itself. The reshape lays the table of each utterance out in one row.",
        ),
        Option(
            "`(4, 6)`",
            "Every word is multiplied by every band: 3 · 2 products for each utterance. They are what lets a linear "
            "model see irony.",
            right=True,
            because="mathematics",
        ),
    ),
    Question(
        "A system learns from films, without labels, to predict the sound from the picture. At use it gets silent "
        "films. What is this, and what does it need?",
        Option(
            "Multimodal learning: two modalities take part.",
            "Multimodal learning has both at use as well. Here the sound is missing then.",
        ),
        Option(
            "Unsupervised learning: it needs nothing but data.",
            "It needs to know which sound belongs to which picture. With the sound tracks exchanged it could learn "
            "nothing that links them.",
        ),
        Option(
            "Cross-modal learning: it needs pairs at training, and one modality at use.",
            "It leads from one modality to another, and the film brings its pairs along, which is why it is cheap.",
            right=True,
            because="definition",
        ),
    ),
    Question(
        "A model finds rumours with an accuracy of 95 %, from text and picture. What do you ask first?",
        Option(
            "How many of the messages are rumours.",
            "If one in twenty is, a model that always says “no rumour” is as good, and finds none.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Which network it uses.",
            "That may matter later. First one has to know whether the figure is a result at all.",
        ),
        Option(
            "Whether a third modality would lift it further.",
            "Nobody knows yet whether the first two do anything. Floor, ceiling and each modality alone come first.",
        ),
    ),
    Question(
        "Words alone are perfect on a large training set. On forty training items, adding a voice that has nothing to "
        "do with the label lowers the accuracy. Why?",
        Option(
            "The ceiling falls when a useless modality is added.",
            "The ceiling never falls: one can always ignore what was added. But a model has to learn to.",
        ),
        Option(
            "Voices are noisy, and noise always lowers accuracy.",
            "With many items the harm shrinks, although the noise stays. What matters is what can be learned "
            "from how much.",
        ),
        Option(
            "With few items, some of its many numbers agree with the label by chance, and the model believes them.",
            "More numbers are more chances to be misled. With more items the harm shrinks.",
            right=True,
            claim="with forty items an uninformative voice costs accuracy",
        ),
    ),
)
