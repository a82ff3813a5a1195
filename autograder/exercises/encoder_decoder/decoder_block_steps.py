"""DecoderBlock in steps that can go wrong one by one."""

from gradus.decoder_block import DecoderBlock
from gradus.dropout import dropout


class Steps(DecoderBlock):
    """The block in steps that can go wrong one by one."""

    ORDER: tuple[str, ...] = ("attention", "cross", "feedforward")

    def thin(self, change):
        return dropout(change, self.dropout, self.training)

    def norm(self, name):
        return getattr(self, f"{name}_norm")

    def run(self, name, y, memory, mask, memory_mask, cache):
        """What one part says to y."""
        if name == "attention":
            return self.attention(y, mask=mask, cache=cache)
        if name == "cross":
            return self.cross(y, memory, mask=memory_mask)
        return self.feedforward(y)

    def pre(self, name, x, *given):
        return x + self.thin(self.run(name, self.norm(name)(x), *given))

    def post(self, name, x, *given):
        return self.norm(name)(x + self.thin(self.run(name, x, *given)))

    def forward(self, x, memory, mask=None, memory_mask=None, cache=None):
        for name in self.ORDER:
            step = self.pre if self.pre_norm else self.post
            x = step(name, x, memory, mask, memory_mask, cache)
        return x
