"""Quiz of the page `fusion_levels`."""

from mmcourse.exercises import Option, Order, Question, Quiz

Quiz(
    "fusion_levels",
    Question(
        "A network has a branch for pictures and one for text. Their last hidden layers are concatenated, and a dense "
        "layer decides. A text calls this late fusion. Which level is it?",
        Option(
            "Decision level: the branches are joined at the very end.",
            "What is joined counts, not how far up. Hidden layers are features; no branch has decided anything.",
        ),
        Option(
            "Feature level.",
            "Features are joined, then one decision is made. The branches learn together: exchange the pictures, and "
            "the text branch learns something else.",
            right=True,
            claim="the two branches learn from one another",
        ),
        Option(
            "Data level: there is only one decision.",
            "At data level the inputs are joined, before any encoder of a single modality.",
        ),
    ),
    Question(
        "The label is irony, and each modality alone is worth a coin. Each is trained to tell irony, and their "
        "probabilities are averaged. What helps?",
        Option(
            "Larger encoders for each modality.",
            "The ceiling of each alone is the floor. No encoder exceeds a ceiling.",
        ),
        Option(
            "Weights for the decisions, learned on new items.",
            "A sum gets at most three of four right.",
        ),
        Option(
            "Let each first decide its own question, friendly or not, and join these with a layer that can multiply.",
            "The decisions are then about what each modality knows, and irony is a product of the two.",
            right=True,
            claim="stacked decisions tell irony",
        ),
    ),
    Order(
        "Row 0 of `s` holds the two logits that the words give, row 1 those of the voice. Which order of the lines "
        "makes the answer of the decision level, the mean of the two probabilities?",
        (
            "s = s - s.max(axis=-1, keepdims=True)",
            "s = np.exp(s)",
            "s = s / s.sum(axis=-1, keepdims=True)",
            "s = s.mean(axis=0)",
        ),
        shown=(2, 3, 0, 1),
        wrong=(3, 0, 1, 2),
        why="Each modality decides first: its softmax is the first three lines. Then the two decisions are averaged.",
        pitfall=(
            "The mean of the *logits*, and then one softmax, is the geometric mean of the two decisions, normalised: "
            "who is very sure outvotes the other. The mean of the probabilities is another number."
        ),
        before="import numpy as np\ns = np.array([[4.0, 0.0], [0.0, 1.0]])",
        after="print(s.round(2).tolist())",
    ),
    Question(
        "Two sensors watch one scene. At data level their channels are stacked. What must hold?",
        Option(
            "Cell (i, j) of one must show the same place as cell (i, j) of the other.",
            "A convolution joins what stands in the same cells. If one sensor is moved, other "
            "places meet in a cell: moved far, it takes much longer to learn, if it is learned at all.",
            right=True,
            claim="with a sensor moved by six cells little more than a coin",
        ),
        Option(
            "Both must have the same number of channels.",
            "Channels are put side by side; one and three make four.",
        ),
        Option(
            "Both must be informative by themselves.",
            "In our task neither is, and the data level is right nearly always.",
        ),
    ),
    Question(
        "A feature map of shape (8, 8, 8, 16) and vectors of shape (8, 16) are added, and no error is raised. What "
        "happened?",
        Option(
            "Each picture got its own vector, in every cell.",
            "Broadcasting aligns the last axes. The 8 items of the vector met the 8 columns of the map.",
        ),
        Option(
            "Column j of every picture got the vector of item j.",
            "The batch was taken for the columns. With most other sizes of batch it would have failed; now neighbours "
            "change the answer.",
            right=True,
            claim="a sum of map and vector that happens to fit",
        ),
        Option(
            "The map was averaged over its cells first.",
            "Nothing pools unless told to. Pooling by hand is one of the two ways to put it right.",
        ),
    ),
    Question(
        "Words and voice are redundant, and equally noisy. Which level is clearly the wrong choice?",
        Option(
            "The decision level: it sees no interaction.",
            "There is none to be seen. Two opinions that are about equally good can simply be averaged, and it can be "
            "trained and repaired one modality at a time.",
        ),
        Option(
            "None: all four can add evidence.",
            "In the record all four are ahead of both modalities there, and close. Where one modality is much better, "
            "the mean of decisions gives the worse one the same weight.",
            right=True,
            claim="every level beats both modalities alone",
        ),
        Option(
            "The feature level: features cannot be noisy.",
            "Features carry the noise of what they are made of. The layers above learn how much to trust them.",
        ),
    ),
)
