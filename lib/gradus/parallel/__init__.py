"""Many ranks, one model: what they send each other, and how little of it they can do with.

A *rank* is one of several processes that work together, numbered from 0. Each runs the same code on
data of its own, usually on a GPU of its own. Ranks share no memory: what one has, another gets only
over a `Link`.
"""
