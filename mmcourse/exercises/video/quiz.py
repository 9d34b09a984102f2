"""Quiz of the page `video`."""

from mmcourse.exercises import Numeric, Option, Order, Question, Quiz

Quiz(
    "video",
    Question(
        "Which of these questions about a film can a single frame answer?",
        Option(
            "Is the ball thrown or caught?",
            "The same frame, the ball near a hand, belongs to both: played backwards, a throw is a catch.",
        ),
        Option(
            "Is the thing that moves large or small?",
            "Size is in every frame, and on this page the nearest training frame tells it far more often than chance. "
            "Many real actions are given away by their scene, too, so a single-frame baseline belongs beside every "
            "video result.",
            right=True,
            claim="one frame tells this simple reader the size",
        ),
        Option("Does the door open or close?", "A door ajar is a door ajar. It takes a second frame."),
    ),
    Order(
        "A film of three frames has two pixels. How large is the change from each frame to the next, on average over "
        "the pixels? Put the lines in order.",
        (
            'film = film.astype("int32")',
            "film = film[1:] - film[:-1]",
            "film = np.abs(film)",
            "film = film.mean(axis=1)",
        ),
        shown=(2, 3, 1, 0),
        wrong=(1, 0, 2, 3),
        before='import numpy as np\nfilm = np.array([[10, 200], [40, 180], [20, 190]], dtype="uint8")',
        after="print(film.tolist())",
        why="First a type that has negative numbers, then the difference. Its size is taken before the mean: else what "
        "gets brighter and what gets darker cancel.",
        pitfall="The difference is taken in `uint8`, where 180 − 200 is 236. The type that comes after it cannot bring "
        "the sign back.",
    ),
    Question(
        "A network sees the frames of a film in any order, as a set. It is tested on films and on the same films "
        "played backwards, where each direction becomes its opposite. How good can it be?",
        Option(
            "As good as any network, if it is large enough.",
            "Size does not help: a film and its reverse are the same set of frames, so the same input.",
        ),
        Option(
            "A quarter right, as there are four directions.",
            "It may know more than nothing: a set of frames shows whether things move across or up and down.",
        ),
        Option(
            "At most one half right.",
            "Film and reverse get the same answer, and they have different truths: of each pair at most one is right.",
            right=True,
            because="mathematics",
        ),
    ),
    Question(
        "You cut each of 300 films into 20 clips, shuffle the 6,000 clips, and train on three quarters of them. The "
        "test accuracy is splendid. What have you measured?",
        Option(
            "How well the network recognises films that it knows.",
            "Nearly every test clip has a neighbour of its own film among the training clips: split films first.",
            right=True,
            claim="split by frame, the same classifier sees motion in a still",
        ),
        Option(
            "How well the network works on new films.",
            "There is hardly a new film in that test set: of each film, about fifteen clips were trained on.",
        ),
        Option(
            "Nothing at all: the shuffle has destroyed the order of the frames.",
            "The order *within* a clip is kept. What is destroyed is the wall between train and test.",
        ),
    ),
    Numeric(
        "A 3-D convolution has kernels of 3 x 3 x 3, 8 channels in, 16 out, and a bias. How many weights does it have "
        "altogether?",
        3472,
        "27 · 8 · 16 = 3,456 weights of the kernel, and 16 biases.",
        {
            3456: "The 16 biases are missing.",
            1168: "That is the 2-D convolution, 9 · 8 · 16 + 16: the kernel has three frames.",
            448: "27 · 16 + 16 forgets that each kernel reads all 8 channels.",
            3464: "There is one bias for each channel *out*, and these are 16.",
        },
        tolerance=0.001,
    ),
    Question(
        "Films of 12 and of 24 frames share a batch, the short ones padded with black frames at the end. A GRU reads "
        "the frames' features without a mask. What goes wrong?",
        Option("Nothing: black frames have no features.", "They do: biases alone make a vector out of a black frame."),
        Option(
            "The state of a short film goes on changing through twelve frames that are not there.",
            "So its answer depends on the longest film of its batch. With a mask the state stays as the last real "
            "frame left it.",
            right=True,
            because="definition",
        ),
        Option(
            "The layer refuses a batch of films of different lengths.",
            "After padding they have one length, and nothing complains. That is why the mistake is common.",
        ),
    ),
)
