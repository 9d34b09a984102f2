"""Changes of solutions that nobody could see: {exercise: {(what is changed, how its statement begins): why}}."""

EQUIVALENT = {
    "video.fold": {
        ("1 -> 2", "return encode(pictures)"): "-1 and -2 in a reshape both mean: whatever is left",
    },
}
