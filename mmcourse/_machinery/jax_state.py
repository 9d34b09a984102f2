"""Models on JAX keep their weights where `evaluate`, `fit` or `predict` raises.

Keras's JAX trainer takes the values out of the variables while it works, and puts them back at the end. Where a step
raises, on a batch of a wrong shape or an interrupted cell, it does not: every later call of the model then ends in
"'NoneType' object is not callable", and what was learnt is lost.
"""

import functools

KINDS = ("trainable_variables", "non_trainable_variables", "optimizer_variables", "metrics_variables")


def keep_values(model):
    """Mend a class of models, `keras.Model`, and with it all that inherit from it. Without JAX's trainer, or where a
    later Keras has another one, nothing is changed."""
    needed = ("_get_jax_state", "jax_state_sync", "evaluate", "fit", "predict")
    if not all(hasattr(model, name) for name in needed) or hasattr(model._get_jax_state, "__wrapped__"):
        return
    model._get_jax_state = _remembered(model._get_jax_state)
    for name in ("evaluate", "fit", "predict"):
        setattr(model, name, _put_back(getattr(model, name)))


def _remembered(get):
    """Where the values are taken out of the variables, note them where `jax_state_sync` looks for them."""

    @functools.wraps(get)
    def taken(self, **asked):
        state = get(self, **asked)
        if asked.get("purge_model_variables"):
            self._jax_state = dict(zip((kind for kind in KINDS if asked.get(kind)), state, strict=True))
            self._jax_state_synced = False
        return state

    return taken


def _put_back(work):
    @functools.wraps(work)
    def done(self, *args, **kwargs):
        try:
            return work(self, *args, **kwargs)
        except BaseException:
            values = [value for part in (getattr(self, "_jax_state", None) or {}).values() for value in part]
            if not any(value.is_deleted() for value in values):  # a step that began has used them up
                self.jax_state_sync()
            self._jax_state = None
            raise

    return done
