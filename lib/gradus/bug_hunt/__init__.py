"""A bug hunt: a small model that falls ill when a part of it is wrong, and parts that are right.

`patient` is the model, `sentences` what it reads. The parts are `window_mask`, `token_vectors` and
`window_loss`; `influence` is the instrument.
"""
