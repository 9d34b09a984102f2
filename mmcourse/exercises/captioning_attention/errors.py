"""Common errors of the page `captioning_attention`."""

from mmcourse.exercises import CommonError

ERRORS = (
    CommonError(
        shows="AttributeError: 'dict' object has no attribute 'shape'",
        why=(
            'In training a captioner with `attention="hard"` returns two things, since its loss needs both: '
            "`logits`, and the `log_probability` of what was drawn. Take the one that you want by its name. Without "
            "`training=True` nothing is drawn, and the logits come alone."
        ),
        code="""
import numpy as np
from mmcourse.captioning import Captioner
captioner = Captioner(9, units=4, attention="hard", draw_seed=0)
batch = {"image": np.ones((1, 3, 5), "float32"), "tokens": np.array([[1, 4, 5]])}
captioner(batch, training=True).shape
""",
        instead="""
import numpy as np
from mmcourse.captioning import Captioner
captioner = Captioner(9, units=4, attention="hard", draw_seed=0)
batch = {"image": np.ones((1, 3, 5), "float32"), "tokens": np.array([[1, 4, 5]])}
captioner(batch, training=True)["logits"].shape
""",
    ),
    CommonError(
        shows="ValueError: Received: reward of shape",
        why=(
            "A reward belongs to a draw: as many numbers, in the same shape. `(n, 1)` beside `(n,)` would be spread "
            "out to n × n, every reward for every draw, and the loss would be a number all the same."
        ),
        code="""
import numpy as np
from mmcourse.attention import policy_loss
log_probability = np.array([-1.0, -0.5, -2.0], "float32")
reward = np.array([[1.0], [0.0], [2.0]], "float32")  # a column
policy_loss(log_probability, reward)
""",
        instead="""
import numpy as np
from mmcourse.attention import policy_loss
log_probability = np.array([-1.0, -0.5, -2.0], "float32")
reward = np.array([[1.0], [0.0], [2.0]], "float32")  # a column
policy_loss(log_probability, reward[:, 0])
""",
    ),
    CommonError(
        shows="ValueError: Without attention there are no weights to regularise",
        why=(
            "`entropy` and `doubly_stochastic` say something about attention weights, and a captioner that sees only "
            "the mean of its regions has none. Say which attention it shall have."
        ),
        code="""
from mmcourse.captioning import Captioner
Captioner(9, units=4, doubly_stochastic=1.0)
""",
        instead="""
from mmcourse.captioning import Captioner
Captioner(9, units=4, attention="soft", doubly_stochastic=1.0)
""",
    ),
)
