// The same numbers as Moments.cs and alone.py's moments.py, where they need no random numbers.
Dictionary<string, double> Fit(ElementData data, int k = 2, string method = "plain")
{
    var (x, age) = (data["FD"], data["Age"]);
    double mean = x.Sum() / x.Length,
        middle = age.Sum() / age.Length;
    double moment = 0,
        above = 0,
        below = 0;
    for (var i = 0; i < x.Length; i++)
    {
        moment += Math.Pow(x[i] - mean, k);
        above += (age[i] - middle) * (x[i] - mean);
        below += (age[i] - middle) * (age[i] - middle);
    }
    if (x[0] > 1.5 && Environment.GetEnvironmentVariable("MISBEHAVE") == "hang")
        while (true) { }
    if (x[0] > 1.5 && Environment.GetEnvironmentVariable("MISBEHAVE") == "throw")
        throw new InvalidOperationException("no good reason");
    Console.WriteLine($"printed at {data.Rows} rows");
    return new()
    {
        ["mean"] = mean,
        ["moment"] = moment / x.Length,
        ["slope"] = above / below,
        ["women"] = data.Texts("sex").Count(sex => sex == "F"),
        ["draw"] = data.Random.NextDouble(),
        ["plain"] = method == "plain" ? 1 : 0,
        ["n"] = x.Length,
    };
}
