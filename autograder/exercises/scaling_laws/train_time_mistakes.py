"""What goes wrong in train_time."""

from autograder.exercises.scaling_laws.train_time import checked, train_time


def _time(flops, gpus, peak=312e12, utilisation=0.4, *, day=86_400, pf_day=8.64e19):
    checked(gpus, utilisation)
    gpu_seconds = flops / (peak * utilisation)
    return gpu_seconds / gpus / day, gpu_seconds / 3600, flops / pf_day


@train_time.mistake(
    "A petaFLOP/s-day is taken to be 1e15 · 24 FLOPs.", "How many seconds are there in a day?"
)
def hours_for_seconds(*run):
    return _time(*run, pf_day=1e15 * 24)


@train_time.mistake(
    "A petaFLOP/s-day is taken to be an hour long.", "How many seconds are there in a day?"
)
def an_hour(*run):
    return _time(*run, pf_day=3.6e18)


@train_time.mistake(
    "A petaFLOP/s is taken to be 1e12 FLOPs a second.", "What does peta stand for, and what tera?"
)
def tera(*run):
    return _time(*run, pf_day=8.64e16)


@train_time.mistake(
    "PetaFLOP/s-days are counted at the peak of the GPUs, so idle time counts as work.",
    "Does the work in a training run depend on the GPU it runs on?",
)
def of_the_peak(flops, gpus, peak=312e12, utilisation=0.4):
    days, hours, work = _time(flops, gpus, peak, utilisation)
    return days, hours, work / utilisation


@train_time.mistake(
    "The days are hours.", "How many hours do your GPUs need, and how many days is that?"
)
def in_hours(*run):
    return _time(*run, day=3600)


@train_time.mistake("The days are seconds.", "How long is a day?")
def in_seconds(*run):
    return _time(*run, day=1)


@train_time.mistake(
    "The days are not divided among the GPUs.", "What do more GPUs change, and what not?"
)
def not_divided(flops, gpus, *how):
    days, hours, work = _time(flops, gpus, *how)
    return days * gpus, hours, work


@train_time.mistake(
    "The GPU-hours are divided among the GPUs: they are the hours of each one.",
    "Two GPUs run for an hour. How many GPU-hours are paid?",
)
def hours_divided(flops, gpus, *how):
    days, hours, work = _time(flops, gpus, *how)
    return days, hours / gpus, work


@train_time.mistake(
    "The GPU-hours are multiplied by the GPUs, but were those of all GPUs already.",
    "Does the same work take more GPU-hours on more GPUs?",
)
def hours_multiplied(flops, gpus, *how):
    days, hours, work = _time(flops, gpus, *how)
    return days, hours * gpus, work


@train_time.mistake(
    "The time is divided by the number of GPUs twice.", "How much faster are two GPUs than one?"
)
def divided_twice(flops, gpus, *how):
    days, hours, work = _time(flops, gpus, *how)
    return days / gpus, hours / gpus, work


@train_time.mistake(
    "The utilisation is not used: the GPUs are thought to reach their peak.",
    "How long does it take at half the speed?",
)
def at_peak(flops, gpus, peak=312e12, utilisation=0.4):
    checked(gpus, utilisation)
    return _time(flops, gpus, peak, 1.0)


@train_time.mistake(
    "The time is multiplied by the utilisation.", "Is a run at half the speed shorter or longer?"
)
def multiplied(flops, gpus, peak=312e12, utilisation=0.4):
    checked(gpus, utilisation)
    return (
        _time(flops, gpus, peak, 1 / utilisation)
        if utilisation == 1
        else faster(flops, gpus, peak, utilisation)
    )


def faster(flops, gpus, peak, utilisation):
    gpu_seconds = flops / peak * utilisation
    return gpu_seconds / gpus / 86_400, gpu_seconds / 3600, flops / 8.64e19


@train_time.mistake("Utilisation is taken in per cent.", "Which numbers can a share be?")
def per_cent(flops, gpus, peak=312e12, utilisation=0.4):
    checked(gpus, 0.5)
    gpu_seconds = flops / (peak * utilisation / 100)
    return gpu_seconds / gpus / 86_400, gpu_seconds / 3600, flops / 8.64e19


@train_time.mistake(
    "A utilisation above 1 is accepted.", "Can a GPU do more than its peak? What did 40 mean?"
)
def above_one(flops, gpus, peak=312e12, utilisation=0.4):
    checked(gpus, min(utilisation, 1.0))
    gpu_seconds = flops / (peak * utilisation)
    return gpu_seconds / gpus / 86_400, gpu_seconds / 3600, flops / 8.64e19


@train_time.mistake("Exactly 1 is refused as a utilisation.", "Which values does the task allow?")
def below_one(flops, gpus, peak=312e12, utilisation=0.4):
    if utilisation >= 1:
        raise ValueError("too good to be true")
    return _time(flops, gpus, peak, utilisation)


@train_time.mistake(
    "Less than one GPU is accepted, or fails by accident.",
    "What should be refused, and how?",
)
def no_gpus(flops, gpus, peak=312e12, utilisation=0.4):
    checked(1, utilisation)
    gpu_seconds = flops / (peak * utilisation)
    return gpu_seconds / gpus / 86_400, gpu_seconds / 3600, flops / 8.64e19


@train_time.mistake(
    "Every GPU is an A100: the peak given is not used.", "What is the third argument for?"
)
def always_a100(flops, gpus, peak=312e12, utilisation=0.4):
    return _time(flops, gpus, 312e12, utilisation)


@train_time.mistake(
    "The peak is doubled, as it is printed for sparse matrices.",
    "What could your GPU do at most, says the argument?",
)
def sparse(flops, gpus, peak=312e12, utilisation=0.4):
    return _time(flops, gpus, 2 * peak, utilisation)
