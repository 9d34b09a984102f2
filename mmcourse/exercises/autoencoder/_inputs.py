"""What the exercises of the page `autoencoder` share: how a mistake is planted that a lambda can make."""


def plant(exercise, message, **functions):
    """Plants a mistake as it is made in one or several ways, each under its name."""
    for name, function in functions.items():
        function.__name__ = name
        exercise.mistake(message)(function)
