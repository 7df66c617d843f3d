using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Terms;

/// <summary>A smooth as written in the formula, with its arguments evaluated and checked, without data. Immutable.</summary>
internal sealed class SmoothTerm
{
    private readonly string _function;
    private readonly List<MarginRequest> _margins;
    private readonly IReadOnlyList<double>? _smoothingParameters;
    private readonly IReadOnlyList<double>? _point;
    private readonly bool _nodal;
    private readonly bool _separate;
    private readonly IReadOnlyList<int>? _orders;

    private SmoothTerm(SmoothCall call, SmoothOptions options)
    {
        Call = call;
        _function = call.Function;
        Covariates = call.Covariates;
        By = options.Find("by");
        _margins = _function == "s" ? [Single(call, options)] : Tensor(call, options);
        Id = options.Label("id");
        _point = PointConstraint.Read(call, !IsRandomEffect && !IsOfFactor, options);
        Notices = [.. IneffectiveOptions.Describe(call, _margins, options)];
        _smoothingParameters = options.Numbers("sp");
        _nodal = options.Flag("np") ?? true;
        _separate = options.Flag("full") ?? false;
        _orders = Orders(options);
    }

    /// <summary>The call.</summary>
    public SmoothCall Call { get; }

    /// <summary>The covariates of the smooth.</summary>
    public IReadOnlyList<Expression> Covariates { get; }

    /// <summary>The <c>by</c> variable; null: none.</summary>
    public Expression? By { get; }

    /// <summary>Its <c>id</c>: terms with the same one share smoothing parameters; null: none.</summary>
    public string? Id { get; }

    /// <summary>Warnings about arguments without effect.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>mgcv's label without the <c>by</c> part.</summary>
    public string Label => $"{_function}({string.Join(",", Covariates)})";

    /// <summary>Whether it is a random effect, whose covariates may be factors.</summary>
    public bool IsRandomEffect => _margins.Any(margin => margin.Basis == "re");

    /// <summary>Whether it consists of curves for the levels of a factor (<c>bs="fs"</c>, <c>"sz"</c>).</summary>
    public bool IsOfFactor => FactorSmooth.Is(_margins[0].Basis);

    /// <summary>Evaluates and checks a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="text">The formula, for messages.</param>
    /// <exception cref="FormulaException">An argument is unknown or has a value that cannot be used.</exception>
    public static SmoothTerm Read(SmoothCall call, string text)
    {
        var options = new SmoothOptions(call, text);
        options.RefuseUnknown();
        return new(call, options);
    }

    /// <summary>The smooth for a set of rows.</summary>
    /// <param name="covariates">Values of <see cref="Covariates"/>.</param>
    /// <param name="by">Values of <see cref="By"/>.</param>
    /// <param name="gam">Knots, and whether null spaces are penalised.</param>
    public SmoothRequest On(IReadOnlyList<Covariate> covariates, Covariate? by, GamSpec gam) =>
        new()
        {
            Function = _function,
            Covariates = covariates,
            Margins = _margins,
            By = by,
            Knots = gam.Knots,
            SmoothingParameters = _smoothingParameters,
            Point = _point,
            Id = Id,
            Nodal = _nodal,
            SeparateNullFunctions = _separate,
            Orders = _orders,
            Select = gam.Select,
        };

    private static MarginRequest Single(SmoothCall call, SmoothOptions options)
    {
        var basis = options.Texts("bs") is { } bs ? options.PerMargin("bs", bs, 1)[0] : "tp";
        // An adaptive smooth of two variables has a basis of each.
        var bases = basis == "ad" ? Math.Min(call.Covariates.Count, 2) : 1;
        var sizes = options.Numbers("k") is { } k ? options.PerMargin("k", k, bases) : [double.NaN];
        var extras = SmoothExtras.Read(KnownBasis(basis, options), options);
        return new(
            basis,
            [.. Enumerable.Range(0, call.Covariates.Count)],
            Size(sizes[0], options),
            Order(options.Numbers("m"), extras.Within is { } within && basis != "ad" ? within : basis, bases, options),
            options.Flag("fx") ?? false,
            false
        )
        {
            Within = extras.Within,
            SizeOfSecond = sizes.Count > 1 ? Size(sizes[1], options) : null,
            MaxKnots = extras.MaxKnots,
        };
    }

    private static List<MarginRequest> Tensor(SmoothCall call, SmoothOptions options)
    {
        var dimensions = Dimensions(call, options);
        var count = dimensions.Count;
        List<string> bases =
        [
            .. PerMargin("bs", options.Texts("bs"), "cr").Select((basis, i) => MarginBasis(BasisOfMargin(basis, options), dimensions[i])),
        ];
        var sizes = PerMargin("k", options.Numbers("k"), double.NaN);
        // As in mgcv, if k is missing or too small for one margin, all margins have the default.
        if (sizes.Any(k => double.IsNaN(k) || k < 3))
            sizes = [.. sizes.Select(_ => double.NaN)];
        var unpenalised = PerMargin("fx", options.Flags("fx"), false);
        var centred = PerMargin("mc", options.Flags("mc"), call.Function == "ti");
        var orders = options.NumbersByMargin("m", count);
        var extras = SmoothExtras.ReadMargins(bases, options);
        var (margins, first) = (new List<MarginRequest>(), 0);
        for (var i = 0; i < count; i++)
        {
            margins.Add(
                new(
                    bases[i],
                    [.. Enumerable.Range(first, dimensions[i])],
                    Size(sizes[i], options) ?? MarginSize(dimensions[i]),
                    Order(orders?[i], bases[i], 1, options),
                    unpenalised[i],
                    centred[i]
                )
                {
                    MaxKnots = extras[i].MaxKnots,
                }
            );
            first += dimensions[i];
        }
        return margins;

        IReadOnlyList<T> PerMargin<T>(string name, T[]? values, T otherwise) => options.PerMargin(name, values ?? [otherwise], count);
    }

    private static List<int> Dimensions(SmoothCall call, SmoothOptions options)
    {
        if (options.Numbers("d") is not { } given)
            return [.. Enumerable.Repeat(1, call.Covariates.Count)];
        return given.All(d => d >= 1 && d == Math.Floor(d)) && given.Sum() == call.Covariates.Count
            ? [.. given.Select(d => (int)d)]
            : throw options.Wrong(
                $"d of {call.Function}() must distribute its {call.Covariates.Count} variables among the margins.",
                options.Find("d")!
            );
    }

    /// <summary>The products of t2 to keep, by how many of their margins are penalised.</summary>
    private List<int>? Orders(SmoothOptions options)
    {
        if (options.Numbers("ord") is not { } given)
            return null;
        return given.All(order => order == Math.Floor(order) && order >= 0 && order <= _margins.Count) && given.Any(order => order > 0)
            ? [.. given.Select(order => (int)order)]
            : throw options.Wrong(
                $"ord is {string.Join(", ", given)}; it lists how many margins of the products to keep are penalised, from 0 to "
                    + $"{_margins.Count}, and one of them must be positive.",
                options.Find("ord")!
            );
    }

    private static string KnownBasis(string basis, SmoothOptions options) =>
        BasisCatalogue.Names.Contains(basis)
            ? basis
            : throw options.Wrong(
                $"There is no basis \"{basis}\". {Shared.Failures.NearestNames.Hint(basis, BasisCatalogue.Names)}",
                options.Find("bs")!
            );

    private static string BasisOfMargin(string basis, SmoothOptions options) =>
        KnownBasis(basis, options) is not ("fs" or "sz" or "ad")
            ? basis
            : throw options.Wrong($"\"{basis}\" cannot be a margin of a tensor product; use it in s().", options.Find("bs")!);

    /// <summary>
    /// As in mgcv, a margin of several variables with a univariate basis (including the default "cr") becomes a thin plate spline.
    /// </summary>
    private static string MarginBasis(string basis, int dimension) =>
        dimension > 1 && basis is ("cr" or "cs" or "ps" or "cp") ? "tp" : basis;

    /// <summary>5 functions per variable; a margin of one variable has that default anyway.</summary>
    private static int? MarginSize(int dimension) => dimension > 1 ? (int)Math.Min(Math.Pow(5, dimension), 10_000) : null;

    private static int? Size(double k, SmoothOptions options) =>
        double.IsNaN(k) || k <= 0 ? null
        : k == Math.Floor(k) && k <= 10_000 ? (int)k
        : throw options.Wrong($"k is {k}; a whole number of basis functions was expected.", options.Find("k")!);

    /// <summary>m, as far as the basis uses it: a range and a power of gp need not be whole numbers.</summary>
    private static double[]? Order(double[]? m, string basis, int bases, SmoothOptions options)
    {
        if (m is null || m.All(double.IsNaN))
            return null;
        var (most, expected) = basis switch
        {
            "bs" => (int.MaxValue, ""),
            "gp" => (3, "one to three were"),
            "ad" => (bases, bases == 1 ? "one was" : "one or two were"),
            _ => (2, "one or two were"),
        };
        if (m.Length > most)
            throw options.Wrong($"m has {m.Length} numbers; {expected} expected.", options.Find("m")!);
        return m.Take(basis == "gp" ? 1 : m.Length).All(one => double.IsNaN(one) || one == Math.Floor(one))
            ? m
            : throw options.Wrong($"m is {string.Join(", ", m)}; whole numbers were expected.", options.Find("m")!);
    }
}
