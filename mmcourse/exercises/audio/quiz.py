"""Quiz of the page `audio`."""

from mmcourse.exercises import Numeric, Option, Order, Question, Quiz

Quiz(
    "audio",
    Question(
        "You make the window four times as long, and keep the hop. What happens to the spectrogram?",
        Option(
            "It becomes finer in time and in frequency.",
            "One is paid for with the other: a long window holds more periods, and more moments.",
        ),
        Option(
            "Frequencies are told apart better, moments worse.",
            "Channels lie rate / n_fft apart, so four times as close; and all that happens within the window becomes "
            "one column.",
            right=True,
            because="mathematics",
        ),
        Option(
            "Nothing but the number of columns changes.",
            "The hop decides that number, but for a few frames at the end; what changes is how finely frequencies and "
            "moments are told apart.",
        ),
    ),
    Numeric(
        "A recording has 8,000 samples a second, frames have 256 samples. How many hertz lie between two neighbouring "
        "frequency channels?",
        31.25,
        "The transform of 256 samples has a channel for every whole number of periods in the frame: 8000 / 256.",
        {
            62.5: "You divided by half the frame. There are 129 channels from 0 to 4,000 Hz, so 128 gaps.",
            31.0: "Channels run from 0 to 4,000 Hz with 128 gaps between 129 of them.",
            32.0: "These are the milliseconds that a frame lasts. Channels are rate / n_fft hertz apart.",
        },
        tolerance=0.002,
    ),
    Question(
        "Two papers report results on *mel spectrograms*. One used librosa, the other HTK. Can you mix their features?",
        Option("Yes: mel is mel.", "The two scales place their filters differently, and the norms differ as well."),
        Option("Only after a logarithm.", "A logarithm changes the numbers, not where the filters lie in frequency."),
        Option(
            "No: scale and norm of the filters differ.",
            "Name both with the features. A model trained on one kind hears the other as a distorted voice.",
            right=True,
            because="definition",
        ),
    ),
    Order(
        "One frame of a sound is to become mel power in decibels. Put the lines in order.",
        (
            "x = x * window",
            "x = np.fft.rfft(x)",
            "x = np.abs(x) ** 2",
            "x = x @ filters",
            "x = 10 * np.log10(np.maximum(x, 1e-10))",
        ),
        shown=(3, 1, 4, 0, 2),
        wrong=(0, 1, 2, 4, 3),
        before="import numpy as np\n"
        "x = np.array([0.0, 2.0, 1.0, -1.0])\n"
        "window = np.array([0.0, 0.5, 1.0, 0.5])\n"
        "filters = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])",
        after="print(x.round(1).tolist())",
        why="The window belongs to the samples, before the transform. Filters add up *power*, so the square comes "
        "before them and the logarithm after.",
        pitfall="It adds up decibels. Two frequencies of 10 dB each would make 20 dB, where twice the power is 13 dB.",
    ),
    Question(
        "What does the cosine transform do in MFCC?",
        Option(
            "It turns neighbouring, much alike channels into a few numbers: mean level, slope, coarse shape.",
            "Its first coefficients describe the spectrum's outline, and the fine structure, the pitch among it, goes "
            "into those that are dropped.",
            right=True,
            because="definition",
        ),
        Option(
            "It finds how the sound changes in time.",
            "It runs over the mel channels of *one* frame, and knows nothing of other frames.",
        ),
        Option(
            "It undoes the Fourier transform, so that samples come out.",
            "Between the two lie a square, which loses the phase, a sum over channels and a logarithm.",
        ),
    ),
    Question(
        "A network for emotions in speech reaches 92 % on a random tenth of a corpus with 24 actors. What do you ask?",
        Option(
            "How deep it is.", "Depth does not say whom it was tested on: a deep network can recognise the actors, too."
        ),
        Option(
            "Whether it was tested on actors it had never heard.",
            "In a random tenth every actor was heard in training. Only a split by actor tells what it is worth to "
            "somebody new.",
            right=True,
            claim="understand speakers whom they know better than a new one",
        ),
        Option(
            "Whether the test recordings were all different from the training recordings.",
            "They were. But the voices were the same, and the network can learn who speaks.",
        ),
    ),
)
