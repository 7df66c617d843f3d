"""What people write with pandas: a changed frame, groups, a covariance, and an answer of one row."""
import pandas


def fit(data):
    data["FD"] = data["FD"] - data["FD"].mean()
    means = data.groupby("sex")["FD"].mean()
    return pandas.DataFrame([{
        "n": len(data), "mean": data["FD"].mean(), "slope": data["FD"].cov(data["Age"]) / data["Age"].var(),
        "difference": means["F"] - means["M"], "none": pandas.NA}])
