"""Moments at every element, with the subjects' ages and a bootstrap that needs random numbers."""
import math
import random


def fit(data, k=2, method="plain"):
    x = [float(value) for value in data["FD"]]
    age = [float(value) for value in data["Age"]]
    mean, middle = sum(x) / len(x), sum(age) / len(age)
    slope = sum((a - middle) * (b - mean) for a, b in zip(age, x)) / sum((a - middle) ** 2 for a in age)
    women = sum(1 for sex in data["sex"] if sex == "F")
    return {
        "mean": mean, "moment": sum((value - mean) ** k for value in x) / len(x), "slope": slope, "women": women,
        "boot": math.fsum(random.choices(x, k=len(x))), "plain": method == "plain", "n": len(x)}
