"""Quiz of the page `text`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "text",
    Question(
        "A caption holds `a` twice and `star` once. In TF-IDF, `star` gets the larger weight. Why?",
        Option(
            "Because `star` is a noun, and nouns carry the meaning.",
            "TF-IDF knows no grammar. It knows how many training captions hold a word.",
        ),
        Option(
            "Because far fewer training captions hold `star` than `a`.",
            "The factor idf is large for rare words. It may outweigh a count that is twice as large.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Because `star` is longer.",
            "Words are columns here. Their letters were forgotten when they became ids.",
        ),
    ),
    Question(
        "After skip-gram training, the word nearest to `left` is `right`. What does that say?",
        Option(
            "The two are used alike: the same words stand around them.",
            "Skip-gram sees neighbours only. Opposites have the same ones, as synonyms have.",
            right=True,
            claim="the nearest word of left is right",
        ),
        Option(
            "Training failed: opposites should lie far apart.",
            "The loss asks that a vector tells which words stand near. For opposites that is the same answer.",
        ),
        Option(
            "The negatives were drawn badly.",
            "Negatives keep all vectors from becoming equal. They are drawn by how often a word occurs, not by what it "
            "means.",
        ),
    ),
    Question(
        "Somebody feeds token numbers, divided by the size of the vocabulary, to an LSTM. What is wrong?",
        Option(
            "The numbers are too small: they should not have been divided.",
            "A larger scale helps: standardised to mean 0 and standard deviation 1 they are learned faster, and still "
            "far more slowly than numbers that training may move.",
        ),
        Option(
            "Nothing. An LSTM can learn any function of its inputs.",
            "On this page it does, in part and slowly. With an embedding the same network was there after four epochs.",
        ),
        Option(
            "The numbers are fixed, in an order that says nothing about the words, and are learned from slowly.",
            "Word 7 lies between words 6 and 8 only in the list. An embedding lets training move the numbers of each "
            "word: even one a word then did about as well as sixteen.",
            right=True,
            claim="one number a word that is learned does about as well as sixteen",
        ),
    ),
    Predict(
        "Two words of a caption have a vector each, of one number here; the third place is padding. What does this "
        "code print?",
        """
import numpy as np
H = np.array([[2.0], [4.0], [9.0]])
keep = np.array([1, 1, 0])[:, None]
print(float((H * keep).mean()))
""",
        Option(
            "`2.0`",
            "The padding adds 0, and the sum of 6 is still divided by three places. The mean of the words is "
            "`(H * keep).sum() / keep.sum()`.",
            right=True,
            because="mathematics",
        ),
        Option(
            "`3.0`",
            "That is the mean of the two words. `mean` does not know of the mask: it divides by all three places.",
        ),
        Option(
            "`5.0`",
            "That is the mean of all three numbers. But the third is multiplied by 0 first.",
        ),
    ),
    Question(
        "In training by masked words, why does one asked-for word in ten stay as it is?",
        Option(
            "So that the encoder must think at unmasked words too: later, none will be masked.",
            "That is the reason that its inventors give. What it is worth was not measured here.",
            right=True,
            because="definition",
        ),
        Option(
            "To make the loss smaller.",
            "It does, a little, and that is no merit. Losses with other shares cannot be compared.",
        ),
        Option(
            "Because those are the unknown words.",
            "The choice is random. It has nothing to do with the vocabulary.",
        ),
    ),
    Question(
        "A team builds its vocabulary from train, dev and test captions, and reports no unknown word on test. "
        "What will happen with tomorrow's captions?",
        Option(
            "No unknown words either, as the test shows.",
            "The test shows nothing: the list was made from it. Tomorrow's captions were not on the list.",
        ),
        Option(
            "There will be unknown words, and this test cannot say how many.",
            "The test captions were on the list, tomorrow's are not. What a vocabulary of train alone lacks on test "
            "foretells what that vocabulary will lack.",
            right=True,
            claim="the other has none on test and some on fresh captions",
        ),
        Option(
            "Unknown words do no harm, since the larger vocabulary has trained vectors for them.",
            "A word that training never showed has a vector that no sentence has taught.",
        ),
    ),
)
