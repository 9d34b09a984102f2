"""Quiz of the page `graphical`."""

from mmcourse.exercises import Option, Predict, Question, Quiz

Quiz(
    "graphical",
    Question(
        "You fuse by naive Bayes and add the same detector a second time, by mistake: a copy, with equal decisions. "
        "What happens?",
        Option(
            "Nothing: a copy holds no information.",
            "That is true of the world, and the model does not know it. It multiplies the same table in twice.",
        ),
        Option(
            "That detector's evidence counts double: the log-odds that it adds are twice what they should be.",
            "Naive Bayes takes it for an independent witness. The answer may stay the same; how sure it claims to be "
            "does not.",
            right=True,
            because="mathematics",
        ),
        Option(
            "The accuracy falls for certain.",
            "Only where the doubled evidence outweighs the rest and is wrong. Often the same label stays on top, and "
            "accuracy does not show the fault at all.",
        ),
    ),
    Question(
        "A Bayesian network has been learned with words, voice and face. At use the face is missing. What do you do?",
        Option(
            "Train a second network without the face.",
            "The one you have knows the answer: its joint distribution holds every marginal.",
        ),
        Option(
            "Set the face's decision to its commonest value.",
            "That claims to have seen something. The posterior then counts evidence that nobody has.",
        ),
        Option(
            "Sum over the face's values: leave it out of the evidence.",
            "Its table sums to one for each tone, so the face drops out, and what remains is exact.",
            right=True,
            claim="a missing modality and a hidden cause are summed out",
        ),
    ),
    Predict(
        "`label` holds $p(\\text{label})$, and row i of `tone` holds $p(\\text{tone}\\mid\\text{label }i)$. What does "
        "this print?",
        """
import numpy as np
label = np.array([0.5, 0.5])
tone = np.array([[0.8, 0.2], [0.4, 0.6]])
print(np.einsum("y,yz->z", label, tone).round(2).tolist())
""",
        Option(
            "`[0.6, 0.4]`",
            "What stands behind the arrow stays. `y` does not, so the label is summed away: this is $p(\\text{tone})$.",
            right=True,
            because="mathematics",
        ),
        Option(
            "`[0.5, 0.5]`",
            "That is `y,yz->y`, with the tone summed away: the label as it was. The letter behind the arrow is the one "
            "that stays.",
        ),
        Option(
            "`[[0.4, 0.1], [0.2, 0.3]]`",
            "That is the joint table, `y,yz->yz`. Here only `z` stands behind the arrow.",
        ),
    ),
    Question(
        "Elimination and the whole joint table give the same probabilities. What differs?",
        Option(
            "Elimination is an approximation that is good when dependences are weak.",
            "It is exact: it only takes factors out of sums in which they do not vary.",
        ),
        Option(
            "The largest table that is needed, and it depends on the order of elimination.",
            "The joint grows with the product of all sizes; elimination with the largest group of variables that "
            "are joined on the way. On a grid even the best order joins a whole row.",
            right=True,
            claim="both orders of elimination are exact",
        ),
        Option(
            "Elimination works for networks only, not for fields.",
            "It sees factors, and cares not where they come from.",
        ),
    ),
    Question(
        "A caption names a red and a blue thing. You forbid all other colours in the labels of the regions. When does "
        "this go wrong?",
        Option(
            "Never: what the text does not name is not there.",
            "Writers leave things out. Silence is evidence, not proof.",
        ),
        Option(
            "When the caption leaves a colour out: then the right label is impossible, whatever the picture shows.",
            "A weight learned from captions makes it unlikely in place of impossible, and strong evidence from the "
            "picture can still win.",
            right=True,
            because="mathematics",
        ),
        Option(
            "When the picture is noisy.",
            "Then the text may help. The trouble is a zero that no evidence can lift.",
        ),
    ),
    Question(
        "The loudness of a sound tells when a thing bounces, not which way it moves. Added to the picture frame by "
        "frame it changes nothing; in the chain it helps. Why?",
        Option(
            "The chain averages over frames, and averaging helps any signal.",
            "The picture's chain averages too, and is beaten. The sound's use lies in when *not* to carry on.",
        ),
        Option(
            "Sound is evidence about the step from one frame to the next, and only the chain has such steps.",
            "It speaks for or against a change. Where no change is modelled it has nothing to speak about.",
            right=True,
            claim="sound lifts the chain most at the turns",
        ),
        Option(
            "With two modalities the chain has more parameters.",
            "A few more; but without sound to look at they would stay equal and change nothing.",
        ),
    ),
)
