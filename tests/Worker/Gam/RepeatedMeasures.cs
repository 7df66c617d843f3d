using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Tests.Gam;

/// <summary>A simulated study of participants with several sessions, at some sites, and a model of it by its name.</summary>
internal sealed class RepeatedMeasures
{
    private const int Participants = 40;
    private const int Sites = 5;
    private readonly string _model;
    private readonly Dictionary<string, double[]> _numbers = [];
    private readonly Dictionary<string, (int[] Codes, string[] Levels)> _factors = [];

    public RepeatedMeasures(string model, int seed)
    {
        _model = model;
        var random = new Random(seed);
        List<int> id = [],
            site = [],
            sex = [];
        List<double> age = [],
            motion = [],
            time = [],
            response = [];
        var hasVariance = !model.Contains("without variance", StringComparison.Ordinal);
        for (var person = 0; person < Participants; person++)
        {
            var sessions =
                model.Contains("equal groups", StringComparison.Ordinal) ? 3
                : model.Contains("singletons", StringComparison.Ordinal) ? 1 + (person % 2)
                : random.Next(1, 6);
            double start = 8 + (12 * random.NextDouble()),
                level = hasVariance ? Normal(random) : 0;
            var (ownSite, ownSex) = (random.Next(Sites), random.Next(2));
            for (var session = 0; session < sessions; session++)
            {
                id.Add(person);
                site.Add(ownSite);
                sex.Add(ownSex);
                age.Add(start + (1.3 * session) + (0.2 * random.NextDouble()));
                motion.Add(random.NextDouble());
                time.Add(session + 0.5 + random.NextDouble());
                response.Add(
                    20 + Math.Sin(age[^1] / 3) + level + (0.3 * ownSite * (hasVariance ? 1 : 0)) + (0.5 * motion[^1]) + Normal(random)
                );
            }
        }
        (_numbers["Age"], _numbers["motion"], _numbers["time"]) = ([.. age], [.. motion], [.. time]);
        _factors["id"] = ([.. id], [.. Enumerable.Range(0, Participants).Select(i => $"P{i}")]);
        _factors["site"] = ([.. site], [.. Enumerable.Range(0, Sites).Select(i => $"S{i}")]);
        _factors["sex"] = ([.. sex], ["F", "M"]);
        Response = [.. response];
        if (model.Contains("weights", StringComparison.Ordinal))
            Weights = [.. response.Select(_ => 0.5 + random.NextDouble())];
        if (model.Contains("zero weights", StringComparison.Ordinal))
            Weights![3] = 0;
        Weighted = [.. Response.Select((y, i) => y * Math.Sqrt(Weights?[i] ?? 1))];
    }

    public double[] Response { get; }

    public double[] Weighted { get; }

    public double[]? Weights { get; }

    public GamDesign Design(string method, Absorption absorption)
    {
        var terms = Terms().ToList();
        return GamDesign.Create(Parametric(), terms, Weights, SmoothnessMethodNames.Parse(method), 1, absorption);
    }

    private IEnumerable<Smooth> Terms()
    {
        var name = _model.Split(" of ")[0].Split(" with")[0];
        var id = Smooths("re", ["id"]);
        return name switch
        {
            "s(Age) + s(id)" => [.. Smooths("tp", ["Age"]), .. id],
            "Age + s(id)" => id,
            "s(Age, cs) + s(motion) + s(id)" => [.. Smooths("cs", ["Age"]), .. Smooths("tp", ["motion"]), .. id],
            "s(Age) + s(site) + s(id)" => [.. Smooths("tp", ["Age"]), .. Smooths("re", ["site"]), .. id],
            "s(id) + s(Age) + s(site)" => [.. id, .. Smooths("tp", ["Age"]), .. Smooths("re", ["site"])],
            "s(Age) + s(site)" => [.. Smooths("tp", ["Age"]), .. Smooths("re", ["site"])],
            "s(Age, by=sex) + s(id)" => [.. Smooths("tp", ["Age"], "sex"), .. id],
            "te(Age, motion) + s(id)" => [.. Smooths("cr", ["Age", "motion"]), .. id],
            "s(Age, cc) + s(id, time)" => [.. Smooths("cc", ["Age"]), .. Smooths("re", ["id", "time"])],
            "s(Age) + s(id, by=sex)" => [.. Smooths("tp", ["Age"]), .. Smooths("re", ["id"], "sex").Take(1)],
            "s(Age) + x + x twice + s(id)" => [.. Smooths("tp", ["Age"]), .. id],
            "s(Age, sp=0.3) + s(id, sp=2)" => [.. Smooths("tp", ["Age"], sp: 0.3), .. Smooths("re", ["id"], sp: 2)],
            _ => throw new ArgumentException(_model),
        };
    }

    private IReadOnlyList<Smooth> Smooths(string basis, string[] variables, string? by = null, double sp = -1)
    {
        var isTensor = variables.Length > 1 && basis != "re";
        return SmoothBuilder.Build(
            new()
            {
                Function = isTensor ? "te" : "s",
                Covariates = [.. variables.Select(Column)],
                Margins = isTensor
                    ? [.. variables.Select((_, i) => new MarginRequest(basis, [i], 4, null, false, true))]
                    : [new(basis, [.. Enumerable.Range(0, variables.Length)], basis == "re" ? null : 8, null, false, false)],
                By = by is null ? null : Column(by),
                SmoothingParameters = sp < 0 ? null : [sp],
            }
        );
    }

    private Covariate Column(string name) =>
        _factors.TryGetValue(name, out var factor) ? new(name, [], factor.Codes, factor.Levels) : new(name, _numbers[name]);

    private DenseMatrix Parametric()
    {
        var hasConstant = !_model.Contains("without a constant", StringComparison.Ordinal);
        List<double[]> columns =
        [
            hasConstant ? [.. Response.Select(_ => 1.0)] : [.. _numbers["motion"]],
            [.. _factors["sex"].Codes.Select(code => (double)code * (hasConstant ? 1 : 0.5))],
        ];
        if (_model.StartsWith("Age", StringComparison.Ordinal) || _model.Contains("x twice", StringComparison.Ordinal))
            columns.Add(_numbers["motion"]);
        if (_model.Contains("x twice", StringComparison.Ordinal))
            columns.Add([.. _numbers["motion"].Select(x => 1 - (2 * x))]);
        var matrix = new DenseMatrix(Response.Length, columns.Count);
        for (var i = 0; i < matrix.Rows; i++)
        for (var j = 0; j < matrix.Columns; j++)
            matrix[i, j] = columns[j][i];
        return matrix;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
