"""Quiz of the page `image`."""

from mmcourse.exercises import Numeric, Option, Predict, Question, Quiz

Quiz(
    "image",
    Numeric(
        "A 3 × 3 convolution maps 64 channels to 128, with a bias for each. How many weights has it, biases included?",
        9 * 64 * 128 + 128,
        "9 · 64 · 128 + 128 = 73,856. The size of the picture does not come into it.",
        wrong={
            9 * 64 * 128: "The 128 biases are missing.",
            9 * 128 + 128: "Each of the 128 kernels reaches through all 64 channels.",
            64 * 128 + 128: "Each kernel has nine places.",
        },
        tolerance=0.0005,
    ),
    Question(
        "You feed Keras's VGG16 pixels divided by 255. What happens?",
        Option("Keras raises an error: the range is wrong.", "Nothing checks ranges. Shapes and types are right."),
        Option(
            "It works as well: networks are invariant to scale.",
            "Biases were learnt for numbers from about -124 to 151. For pixels from 0 to 1 they are too large.",
        ),
        Option(
            "Expect worse features, and no complaint.",
            "That is why the preparation belongs inside the model, and why a test compares it with Keras's own.",
            right=True,
            claim="with wrong preprocessing the same weights tell the shape less often",
        ),
    ),
    Question(
        "For captioning with attention and for nearest neighbours you need features of one network. Which?",
        Option(
            "The grid for attention, the vector for neighbours.",
            "Attention chooses among places, so there must be places. Neighbours are compared by one vector each.",
            right=True,
            because="definition",
        ),
        Option(
            "The vector for both: it is shorter.", "A vector has no places left among which attention could choose."
        ),
        Option(
            "The last layer's thousand class scores for both.",
            "They say which of a thousand names fits. Where things are, and all that has no name there, is gone.",
        ),
    ),
    Question(
        "Pooled by the maximum, the frozen encoder told much less about the background than plain pixels. Which "
        "control shows whether its training had a share in that?",
        Option(
            "The same network with random weights, pooled in the same way.",
            "It told the background far better, so the layers can carry it, and training for things made it harder to "
            "read. Pooling has a share too: the encoder's mean told more than its maximum.",
            right=True,
            claim="training made the background harder to read",
        ),
        Option(
            "A network with more than 128 channels.",
            "There are six backgrounds. One number could hold them.",
        ),
        Option(
            "A network whose layers see more of the picture.",
            "The last layer's middle sees most already, and a background shows in every small window.",
        ),
    ),
    Predict(
        "A picture of 4 × 4 pixels, numbered row by row, is to be cut into patches of 2 × 2. What does this code "
        "print?",
        """
import numpy as np
picture = np.arange(16).reshape(4, 4)
patches = picture.reshape(2, 2, 2, 2)
print(patches[0, 0].tolist())
""",
        Option(
            "`[[0, 1], [4, 5]]`",
            "That is the patch in the upper left corner. A reshape alone does not give it: the axes are rows of "
            "patches, rows, columns of patches, columns, and the middle two must be exchanged, `.swapaxes(1, 2)`.",
        ),
        Option(
            "`[[0, 1], [2, 3]]`",
            "A reshape keeps the order of reading: the first four numbers are the first row of the picture, cut in "
            "two. For patches, `.swapaxes(1, 2)` must follow.",
            right=True,
            because="mathematics",
        ),
        Option(
            "`[[0, 4], [1, 5]]`",
            "That is the patch with its rows and columns exchanged. A reshape exchanges nothing.",
        ),
    ),
    Question(
        "You add your test pictures to the mean and standard deviation by which pixels are scaled. What is wrong with "
        "it?",
        Option(
            "Nothing, since no labels are used.",
            "Labels or not: what is computed from test pictures leaks into the model.",
        ),
        Option(
            "The numbers become less exact.", "More pictures would even make them more exact. That is not the point."
        ),
        Option(
            "The test no longer measures what happens with pictures that the pipeline has never met.",
            "Everything that is estimated, scales included, is estimated from training data.",
            right=True,
            because="definition",
        ),
    ),
)
