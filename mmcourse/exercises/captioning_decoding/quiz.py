"""Quiz of the page `captioning_decoding`."""

from mmcourse.exercises import Option, Order, Question, Quiz

Quiz(
    "captioning_decoding",
    Question(
        "Beam search of width 5 finds a caption of higher probability than greedy decoding. Is it the better caption?",
        Option(
            "Yes: more probable means better.",
            "The model's probability is not what people mean by "
            "good. A short caption that says little may be the likeliest.",
        ),
        Option(
            "Not necessarily: it must be measured.",
            "Search quality and caption quality are two things. On this page "
            "scores rose and truth hardly moved; in translation wide beams made texts worse.",
            right=True,
            claim="few captions of this captioner change with the width",
        ),
        Option(
            "It cannot be: greedy decoding already takes the most probable word at every step.",
            "The most probable first word may lead to a less probable sentence. A beam keeps other beginnings alive.",
        ),
    ),
    Question(
        "Without length normalisation, beam search prefers short captions. Why?",
        Option(
            "Every further word adds a negative number to the log-probability.",
            "A caption of ten words has ten negative terms, one of five "
            "has five. Dividing by a power of the length makes up for it.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Short captions are commoner in the training data.",
            "It happens even where they are not: the reason lies in the sum that ranks them.",
        ),
        Option(
            "The beam is too narrow to hold long captions.",
            "A wider beam can make it worse: it is more likely to find the short caption that ends at once.",
        ),
    ),
    Question(
        "One caption of the beam has written its end token; the others go on. What happens to its score?",
        Option(
            "It stays as it is, and the caption is set aside or continued by padding alone.",
            "Nothing more is written, so that nothing more is added.",
            right=True,
            claim="the careless score depends on how long we wait",
        ),
        Option(
            "The decoder's log-probabilities of the following tokens are added, as for the others.",
            "The decoder was never trained on what comes after end. The score would be punished for noise.",
        ),
        Option(
            "It becomes minus infinity, so that its place is free.",
            "Then the best caption would be lost when it is finished.",
        ),
    ),
    Order(
        "The next word shall be drawn among the likeliest words that together reach 0.6, and their probabilities shall "
        "sum to one again. Put the lines in order.",
        (
            "order = np.argsort(-share)",
            "share = share[order]",
            "share[share.cumsum() - share >= p] = 0  # p was reached before",
            "share = share / share.sum()",
        ),
        shown=(2, 0, 3, 1),
        wrong=(0, 1, 3, 2),
        why="The running sum goes through the words from the likeliest on, so they are sorted before the cut. What is "
        "left sums to less than one, so it is divided by its sum at the end.",
        pitfall="Before the cut the four probabilities sum to one already, and the division changes nothing. After it "
        "the two that are left sum to 0.7.",
        before="import numpy as np\nshare, p = np.array([0.1, 0.4, 0.2, 0.3]), 0.6",
        after="print(share.round(2).tolist())",
    ),
    Question(
        "You compute BLEU for each test caption and report the mean. What is wrong?",
        Option(
            "Nothing, if the number of captions is large.",
            "The two numbers do not approach each other as the corpus grows.",
        ),
        Option(
            "The median should be reported.",
            "No statistic of the captions' own scores is corpus BLEU.",
        ),
        Option(
            "BLEU adds up its counts over the corpus before it divides.",
            "A caption without one matching four-gram scores 0 alone. Corpus BLEU counts the matches of all together.",
            right=True,
            claim="the mean of sentence BLEUs is not the BLEU of the corpus",
        ),
    ),
    Question(
        "A validation BLEU of 0.60 was computed from the argmax of "
        "the training model's outputs. Why do you not believe it?",
        Option(
            "The argmax should have been a beam search.",
            "That would change little. The trouble is what the model was given to read.",
        ),
        Option(
            "BLEU should be computed on training captions.",
            "The validation set is the right one; the text that is scored is not.",
        ),
        Option(
            "At each position the model had read the true words before it.",
            "Under teacher forcing the reference itself keeps the model "
            "on track. Score only text that the model wrote by itself.",
            right=True,
            because="definition",
        ),
    ),
)
