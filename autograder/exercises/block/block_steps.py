"""Block in steps that can go wrong one by one."""

from gradus.block import Block
from gradus.dropout import dropout


class Steps(Block):
    """The block in steps that can go wrong one by one."""

    def thin(self, change):
        return dropout(change, self.dropout, self.training)

    def read(self, x, mask, cache):
        return self.attention(x, mask=mask, cache=cache)

    def work(self, x):
        return self.feedforward(x)

    def add(self, x, change):
        return x + self.thin(change)

    def pre(self, x, mask, cache):
        x = self.add(x, self.read(self.attention_norm(x), mask, cache))
        return self.add(x, self.work(self.feedforward_norm(x)))

    def post(self, x, mask, cache):
        x = self.attention_norm(self.add(x, self.read(x, mask, cache)))
        return self.feedforward_norm(self.add(x, self.work(x)))

    def forward(self, x, mask=None, cache=None):
        return (self.pre if self.pre_norm else self.post)(x, mask, cache)
