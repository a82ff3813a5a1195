"""What goes wrong in MultiHeadAttention: memory, mask, and what is returned."""

import torch
from torch.nn import functional as F

from autograder.exercises.attention.multi_head_attention import multi_head_attention
from autograder.exercises.attention.multi_head_attention_steps import Steps
from gradus.attention import attend
from gradus.heads import merge_heads


@multi_head_attention.mistake(
    "Memory is never read: x always reads itself.", "Where does your code use memory?"
)
class MemoryIgnored(Steps):
    def forward(self, x, memory=None, mask=None, cache=None):
        if memory is not None and mask is not None:
            mask = mask[..., : x.shape[1]]
        return super().forward(x, None, mask, cache)


@multi_head_attention.mistake(
    "The queries are made from memory; it should be read, not ask.",
    "How many positions does the output have: as many as x, or as memory?",
)
class MemoryAsks(Steps):
    def sources(self, x, memory):
        return (x, x, x) if memory is None else (memory, x, x)


@multi_head_attention.mistake(
    "Everything is made from memory, the queries too.",
    "How many positions does the output have: as many as x, or as memory?",
)
class OnlyMemory(Steps):
    def sources(self, x, memory):
        return (x, x, x) if memory is None else (memory, memory, memory)


@multi_head_attention.mistake(
    "The values are made from x, although the keys are made from memory.",
    "A query finds a key of memory. Whose value should it get?",
)
class ValuesOfX(Steps):
    def sources(self, x, memory):
        return (x, x, x) if memory is None else (x, memory, x)


@multi_head_attention.mistake(
    "The layer fails without a memory.", "What should x read when there is no memory?"
)
class MemoryRequired(Steps):
    def sources(self, x, memory):
        return x, memory[...], memory[...]


@multi_head_attention.mistake(
    "Memory is read together with x.", "Should x read its own positions when there is a memory?"
)
class MemoryAndX(Steps):
    def forward(self, x, memory=None, mask=None, cache=None):
        if memory is not None:
            if mask is not None:
                mask = F.pad(mask, (x.shape[1], 0), value=True)
            memory = torch.cat([x, memory], dim=1)
        return super().forward(x, memory, mask, cache)


@multi_head_attention.mistake(
    "The output is missing a gradient: memory is detached.",
    "Should what reads the memory be able to teach what wrote it?",
)
class MemoryDetached(Steps):
    def sources(self, x, memory):
        return super().sources(x, None if memory is None else memory.detach())


@multi_head_attention.mistake("The mask is not handed on.", "Who gets the mask in your code?")
class MaskIgnored(Steps):
    def read(self, q, k, v, mask):
        return attend(q, k, v)[0]


@multi_head_attention.mistake(
    "The mask is taken the wrong way round.", "What does True mean in this course's masks?"
)
class MaskInverted(Steps):
    def read(self, q, k, v, mask):
        return attend(q, k, v, None if mask is None else ~mask)[0]


@multi_head_attention.mistake(
    "The future is always hidden, whether the mask says so or not.",
    "Who decides what may be read: the layer, or the mask it is given?",
)
class AlwaysCausal(Steps):
    def read(self, q, k, v, mask):
        shape = q.shape[-2], k.shape[-2]
        causal = torch.ones(shape, dtype=torch.bool, device=q.device).tril(shape[1] - shape[0])
        return attend(q, k, v, causal if mask is None else causal & mask)[0]


@multi_head_attention.mistake(
    "An axis for the heads is put into a mask that has one already.",
    "The mask broadcasts to (batch, heads, query, key) as it is. What does yours broadcast to?",
)
class MaskUnsqueezed(Steps):
    def read(self, q, k, v, mask):
        return attend(q, k, v, None if mask is None else mask.unsqueeze(1))[0]


@multi_head_attention.mistake(
    "The values read are dropped out at random.",
    "Should the same question get the same answer twice? Does the task mention dropout?",
)
class Dropout(Steps):
    def finish(self, mixed):
        return self.out(F.dropout(merge_heads(mixed), 0.2))


@multi_head_attention.mistake(
    "x is added to the output.", "Is the residual connection part of this layer?"
)
class Residual(Steps):
    def forward(self, x, memory=None, mask=None, cache=None):
        return x + super().forward(x, memory, mask, cache)


@multi_head_attention.mistake(
    "The weights of attention are returned besides the output.", "What does forward return?"
)
class WeightsToo(Steps):
    def forward(self, x, memory=None, mask=None, cache=None):
        output = super().forward(x, memory, mask, cache)
        return output, output
