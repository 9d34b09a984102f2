"""An exercise engine of one exercise and one quiz, with the names of mmcourse.exercises that the toolchain uses."""


class Exercise:
    name, title, kind, level = "demo.double", "Twice as much", "implement", "core"
    task = "Write `double(x)`, which returns $2x$ as in {eq}`eq-double`."
    hints = ("Which operation makes two of one?", "Multiply: $2 \\cdot x$.")
    stub = 'def double(x):\n    """A number -> twice that number."""\n    raise NotImplementedError'
    solution_source = "def double(x):\n    return 2 * x  # the secret of the demo"
    skeleton = "def double(x):\n    return ... * ..."
    plan = ("Take the number.", "Double it.")
    minutes, difficulty, importance = 3, 1, 2
    function_name = "double"
    check_source = 'check("demo.double", double)'


class Quiz:
    shown = 0

    def __init__(self, name):
        self.name = name

    def to_html(self, uid=None):
        """Each time it is shown it has another id, as the course's quizzes have."""
        Quiz.shown += uid is None
        claim = '<span data-claim="four is more"></span>' if self.name == "told" else ""
        mark = f'id="{uid or f"demo-quiz-{Quiz.shown}"}"'
        return f'<form class="demo-quiz" {mark} aria-label="Quiz"><p>Quiz {self.name}{claim}</p></form>'

    def _repr_html_(self):
        return self.to_html()


def names():
    return [Exercise.name]


def get(name):
    return {Exercise.name: Exercise}[name]


def check(name, answer):
    try:
        return "Correct: well done." if answer(4) == 8 else "Incorrect."
    except NotImplementedError:
        return "Not attempted."


def hint(name):
    return get(name).hints[0]


def solution(name):
    return get(name).plan


def quiz(name):
    return Quiz(name)
