"""Quiz of the page `captioning_attention`."""

from mmcourse.exercises import Numeric, Option, Predict, Question, Quiz

Quiz(
    "captioning_attention",
    Question(
        "A captioner looks at the region of its largest weight, in training as well. Its loss falls. What has its "
        "attention learned?",
        Option(
            "To look at the things, only more slowly than by soft attention.",
            "The loss falls because the words get used to what happens to be looked at. The weights of the attention "
            "get a gradient of 0 at every step, so waiting does not help.",
        ),
        Option(
            "Nothing: its own weights have not moved.",
            "A small change of a score does not change which is largest, so no gradient gets past the argmax.",
            right=True,
            claim="by argmax the attention's own weights do not move",
        ),
        Option(
            "To spread its weights evenly.",
            "A bonus for the entropy would do that. The loss of the words does nothing to them here.",
        ),
    ),
    Numeric(
        "A caption of three words has the losses 1.0, 2.0 and 0.5 nats. The baseline of every word is a "
        "log-probability of -1.5. What is REINFORCE paid, less the baseline, for the draw before the *second* word?",
        0.5,
        "From the second word on the log-probability is -2.0 - 0.5 = -2.5, and -1.5 - 1.5 = -3.0 was expected of these "
        "two: -2.5 + 3.0.",
        wrong={
            -2.5: "That is the log-probability of what follows. Subtract what was expected of the same words.",
            1: "You took the whole caption: -3.5 + 4.5. The first word was written before this draw.",
            -0.5: "You took the second word alone, or lost a sign: the third hangs on this draw, too.",
            -1: "You subtracted the baseline of one word from the log-probability of two.",
        },
    ),
    Question(
        "Which of these may be the baseline of a draw, if the estimate shall stay unbiased?",
        Option(
            "The log-probability of the word under this very draw.",
            "That hangs on the draw: reward less baseline would be 0 each time, and nothing would be learned.",
        ),
        Option(
            "The mean over the captions of this batch, this one among them.",
            "A share of it is the draw's own reward. With many captions the harm is small, but it is there.",
        ),
        Option(
            "A moving average over the batches before.",
            "It is settled before the draw is made, and $\\sum_i a_i\\nabla\\ln a_i=0$ takes it out of the mean.",
            right=True,
            because="mathematics",
        ),
    ),
    Question(
        "The straight-through Gumbel gradient has far less variance than REINFORCE in the table. What does that say?",
        Option(
            "That it is the better estimate of the gradient.",
            "A gradient that is always 0 has no variance at all. What an estimate is off by is noise *and* bias.",
        ),
        Option(
            "That it is less noisy, about a mean that is not the gradient of the expected loss.",
            "It is the gradient of a softer draw, taken at the hard one. How far off that is, only the exact gradient "
            "can tell.",
            right=True,
            claim="the Gumbel gradient is less noisy",
        ),
        Option(
            "That its draws are less random.",
            "The draws are the same ones: the largest of ln a + g is a draw by the weights.",
        ),
    ),
    Predict(
        "Two steps of attention over three regions. What does this print?",
        """
import numpy as np
a = np.array([[0.5, 0.5, 0.0], [0.5, 0.25, 0.25]])  # (steps, regions)
print(((1 - a.sum(axis=0)) ** 2).tolist())
""",
        Option(
            "`[0.0, 0.0]`",
            "That is the sum over the regions, `axis=1`: the weights of a step always sum to one, and a penalty on it "
            "is always 0.",
        ),
        Option(
            "`[0.0, 0.0625, 0.5625]`",
            "The regions got 1, 0.75 and 0.25 over the two steps; these are the squared distances from one.",
            right=True,
            because="mathematics",
        ),
        Option(
            "`[1.0, 0.75, 0.25]`",
            "These are the sums over the steps. The code prints their squared distances from one.",
        ),
    ),
    Question(
        "A caption of 12 words, a picture of 64 regions. At which weights is the doubly stochastic penalty least?",
        Option(
            "Where each word has one region of its own, and none is looked at twice.",
            "Then twelve regions have the sum one, and fifty-two have 0 and pay a whole one each.",
        ),
        Option(
            "Where all weights are equal, at every step.",
            "The sums average 12 / 64 whatever the weights, and the mean of squared distances from one is least where "
            "all are the same.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Where all the weight of all words lies on the thing that they name.",
            "Then a few regions have a sum far above one, and all others 0: both cost.",
        ),
    ),
    Question(
        "On Flickr8k, hard attention is published with a BLEU-4 of 21.3 and soft attention with 19.5, in percent. Is "
        "hard attention better on photographs?",
        Option(
            "Yes, by 1.8 points.",
            "On these test photographs, with these two trainings. Another training or other photographs move a BLEU-4 "
            "by as much.",
        ),
        Option(
            "Two figures of one training each do not say.",
            "There are no intervals and no seeds beside them, and without the brevity penalty shorter captions cost "
            "nothing.",
            right=True,
            because="logic",
        ),
        Option(
            "No, since it cannot learn through a draw.",
            "It can, by rewards for what it drew.",
        ),
    ),
)
