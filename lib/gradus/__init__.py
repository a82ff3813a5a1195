"""The reference layers of Gradus: the parts of a language model, each in its clearest form.

Words used for axes throughout, in signatures and in messages:

- `batch`: independent examples
- `seq`, `query`, `key`: positions in a text; those that ask, those that are asked
- `d_model`: width of the stream that runs through a model
- `heads`, `kv_heads`: attention heads; heads of keys and values where these are fewer
- `d_head`, `d_value`: width of one head's queries and keys; of its values
- `vocab`: entries of the vocabulary
- `#query`: as many as `query`, or 1 that serves them all
"""
