"""What goes wrong in `video.stripes`: planted mistakes with their messages."""

from mmcourse.exercises.video.stripes import balance, fooled, stripes


@stripes.mistake("At one pixel a frame the kernel for rightward motion answers most: that is the speed it is made for.")
def the_largest():
    return max(range(1, 7), key=balance)


@stripes.mistake("At two pixels a frame it still says right, if less strongly.")
def still_right():
    return 2


@stripes.mistake(
    "Half a period from frame to frame: black and white change places, and left and right are equally far. The balance "
    "is zero here, not most negative."
)
def half_a_period():
    return 3


@stripes.mistake("At four it says left, but there is a speed at which it says so more strongly.")
def first_negative():
    return 4


@stripes.mistake("A whole period from frame to frame: all frames are equal, and nothing seems to move at all.")
def a_period():
    return 6


@stripes.mistake("At speed 0 nothing moves. The range is 1 to 6.")
def at_rest():
    return 0


@stripes.mistake(
    "Indeed the frames look like that: stripes moving left by one. But how fast do these move to the *right*?"
)
def as_it_looks():
    return -1


@stripes.mistake("The stripes move to the right, so the speed is positive.")
def to_the_left():
    return -fooled()


@stripes.mistake(
    "The stripes move to the right, so the speed is positive. And four to the right is not the one, either."
)
def four_to_the_left():
    return -4


@stripes.mistake("Seven is outside the range asked for. And its frames are those of speed 1: they seem to move right.")
def once_more_round():
    return 7


@stripes.mistake("That is outside the range asked for, 1 to 6. Its frames are those of a slower speed.")
def one_period_on():
    return fooled() + 6


@stripes.mistake("That is the balance, at its lowest. Asked is the speed at which it is so low.")
def the_balance():
    return balance(fooled())


@stripes.mistake("That is how much more the kernel for leftward motion answers, at most. Asked is the speed.")
def the_balance_without_its_sign():
    return -balance(fooled())


@stripes.mistake("That is the balance at speed 1. Asked is the speed at which the balance is lowest.")
def as_it_stands():
    return balance(1)


@stripes.mistake("That is the balance at speed 4, and it is not the lowest. Asked is a speed.")
def balance_at_four():
    return balance(4)


@stripes.mistake("That is in periods a frame. Answer in pixels a frame.")
def in_periods():
    return fooled() / 6
