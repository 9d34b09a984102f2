"""Quiz of the page `vqa_reasoning`."""

from mmcourse.exercises import Numeric, Option, Predict, Question, Quiz

Quiz(
    "vqa_reasoning",
    Question(
        "Modules that were trained on questions, answers and programs answer more questions than a Transformer that "
        "was trained on questions and answers. Which control tells whether modules are the better architecture?",
        Option(
            "More seeds of both.",
            "They say how far a training moves. Whatever they say, the two were still not told the same.",
        ),
        Option(
            "The same Transformer, which gets the programs as well.",
            "Then both have the programs, and what is left between them is the architecture (and what each makes of "
            "its input).",
            right=True,
            claim="the modules are told more",
        ),
        Option(
            "Modules on another scene's picture.",
            "That shows that the picture is used. It says nothing about the other model.",
        ),
    ),
    Predict(
        "Two maps, of stars and of circles, and “are there more stars than circles?”, read from plain sums and from "
        "shares, as attention has them. What does this code print?",
        """
import numpy as np
stars, circles = np.array([1, 1, 0, 0]), np.array([0, 0, 1, 0])

def share(s):
    return s / s.sum()

print(stars.sum() > circles.sum(), share(stars).sum() > share(circles).sum())
""",
        Option(
            "`True True`",
            "The first is `True`. Shares sum to one for any map: 1 is not more than 1.",
        ),
        Option(
            "`True False`",
            "Two is more than one. But shares sum to one, whatever the number: divided by its sum, a map cannot be "
            "counted. So *relate* divides what comes in, and never what it passes on.",
            right=True,
            because="mathematics",
        ),
        Option(
            "`False False`",
            "The plain sums are 2 and 1.",
        ),
    ),
    Numeric(
        "A relation network sees 4 × 4 regions. You give it 8 × 8. How many times as many pairs does it look at?",
        16,
        "16 regions make 16² = 256 pairs, 64 regions make 64² = 4,096: sixteen times as many.",
        wrong={
            4: "That is how many times as many *regions* there are. Pairs grow with the square.",
            256: "That is the number of pairs before. How many times as many are there now?",
            4096: "That is the number of pairs now. How many times as many is it?",
            2: "That is how many times as long a side is.",
        },
        tolerance=0.01,
    ),
    Question(
        "Each question is asked of a picture and of a changed one, in which the right answer is another. A model that "
        "never looks at pictures answers half of the questions rightly. In how many pairs can it be right both times?",
        Option(
            "In a quarter: one half times one half.",
            "That would be so of two independent guesses. It hears the same question twice, and says the same.",
        ),
        Option(
            "In half of them.",
            "Where it is right before the change, it is wrong after it.",
        ),
        Option(
            "In none.",
            "It gives the same answer twice, and only one of the two is right. That is what makes such pairs a test.",
            right=True,
            because="logic",
        ),
    ),
    Question(
        "After *filter red* the largest value of the map lies on a red thing in nine cases of ten. Which numbers do "
        "you want beside it?",
        Option(
            "How often it would if the map lay on any thing, and how often a map of another picture does.",
            "Where a scene has two things, any thing is right in half of the cases; and a map may have learned where "
            "things usually are.",
            right=True,
            claim="after each kind of step the map lies on what the step should hold",
        ),
        Option(
            "The share of red cells in all pictures.",
            "That is chance for one who looks at cells blindly. A map that finds *things* beats it without reading "
            "the question.",
        ),
        Option(
            "How often the answer is right.",
            "A right answer may come from a wrong map, and the other way round. Score both, each by itself.",
        ),
    ),
    Question(
        "A mask has 1 on each cell that shows a thing. Its sum, divided by the best constant and rounded, is a bad "
        "count of the things. Why?",
        Option(
            "Because cells at the edges of things are missing.",
            "Even with every cell right, the sum is an area.",
        ),
        Option(
            "Because a large thing has as many cells as several small ones.",
            "The sum grows with number and size. What counts must give each thing the same in all, as the learned map "
            "nearly does.",
            right=True,
            claim="the sum of the learned map counts better than that of a perfect mask",
        ),
        Option(
            "Because sums lose where things are.",
            "They do, and for counting that is right: a count does not depend on places.",
        ),
    ),
)
