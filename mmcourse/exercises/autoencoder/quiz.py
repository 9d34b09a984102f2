"""Quiz of the page `autoencoder`."""

from mmcourse.exercises import Option, Order, Question, Quiz

Quiz(
    "autoencoder",
    Question(
        "Training always shows picture *and* sentence. Both are rebuilt well. What do you expect when the sentence is "
        "covered at test?",
        Option(
            "The sentence is still written, since the code is shared.",
            "One vector is not yet one meaning. The picture's half may use numbers of its own, and the words others.",
        ),
        Option(
            "The sentence is written badly: nothing asked the picture's part of the code to hold it.",
            "Each decoder can rely on its own modality. Hidden now and then, it has to find what the other one knows.",
            right=True,
            claim="with nothing hidden in training every recorded seed falls back",
        ),
        Option(
            "Nothing is written: the model needs both inputs.",
            "The mean over what is there gives a code in any case. The question is what it holds.",
        ),
    ),
    Question(
        "In training the picture is hidden from the encoder. Does its squared error count for this pair?",
        Option(
            "Yes: just there the words must draw it.",
            "Hidden from the encoder, not from the loss. That is what makes the two meet.",
            right=True,
            because="definition",
        ),
        Option(
            "No: one cannot ask for what was not shown.",
            "One can, since the pair is known in training. Left out of the loss is only what nobody knows.",
        ),
        Option(
            "Only if the sentence is hidden, too.",
            "Then nothing would be there to draw from. One of the two always stays.",
        ),
    ),
    Order(
        "One step of training, with one number each for picture and sentence. The sentence is hidden from the encoder, "
        "and both are asked for. Put the lines in order.",
        (
            "target = dict(pair)",
            'pair.pop("text")',
            "code = sum(pair.values()) / len(pair)",
            "loss = {name: (code - x) ** 2 for name, x in target.items()}",
        ),
        shown=(3, 1, 2, 0),
        wrong=(1, 0, 2, 3),
        why="What is asked for is kept before anything is hidden. The code is the mean of what is left, and it is "
        "compared with the whole pair.",
        pitfall="The sentence is gone before the targets are kept, so nobody asks for it: the loss holds the picture "
        "alone.",
        before='pair = {"image": 1.0, "text": 4.0}',
        after="print(loss)",
    ),
    Question(
        "A picture drawn from a sentence has nearly the squared error of the mean picture, though its colour is right. "
        "Why?",
        Option(
            "The decoder failed.",
            "The mean training picture of the very same kind, about the best that size, colour and shape allow, has "
            "hardly less.",
        ),
        Option(
            "Most of the error is the background, of which no sentence tells.",
            "A score over all pixels asks for what cannot be known. Ask for what the sentence says.",
            right=True,
            claim="the mean picture of the kind has hardly less error",
        ),
        Option(
            "Squared error is wrong for pictures.",
            "From the picture's own code it falls far below. It is the question that differs.",
        ),
    ),
    Question(
        "An encoder turns 192 numbers into 400. It rebuilds its test pictures without error. What has it learned?",
        Option(
            "Nothing that can be told from this: it can copy.",
            "It rebuilds noise without error as well. Without a bottleneck, or another constraint, nothing has to be "
            "understood.",
            right=True,
            claim="400 numbers rebuild noise without error",
        ),
        Option(
            "A richer description than a short code.",
            "More numbers, but no need to find out what pictures have in common.",
        ),
        Option(
            "The test pictures: it overfitted them.",
            "It never saw them. It would do as well with any picture, and with noise.",
        ),
    ),
    Question(
        "A sentence from the picture's code is true in nine of ten cases. What else do you ask?",
        Option(
            "How many facts it names, and what a blind writer reaches.",
            "“There is a thing” is always true. And the commonest sentence is true of some pictures by luck.",
            right=True,
            claim="far more truth and far more facts than each blind writer",
        ),
        Option(
            "Its BLEU, since truth is not a score.",
            "BLEU compares words with references. Here the truth is known.",
        ),
        Option(
            "The loss on the training set.",
            "It falls in any case, and says nothing of new pictures.",
        ),
    ),
)
