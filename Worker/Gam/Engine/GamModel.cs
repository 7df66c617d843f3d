using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Generalized;
using HpcFit.Worker.Gam.Terms;
using HpcFit.Worker.Gam.Testing;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// A gam's formula bound to a cohort and a file: builds the model of any element's observed rows. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Subjects of weight 0 are included, as in mgcv: bases are built with them, and they count in the degrees of freedom
/// (<see cref="GamDesign.Counted"/>).
/// </remarks>
internal sealed partial class GamModel
{
    private readonly GamSpec _gam;
    private readonly SmoothnessMethod _method;
    private readonly SmoothCovariates _covariates;
    private readonly Dictionary<SmoothTerm, IReadOnlyList<double>> _parameters;
    private readonly WholeCohortBasis? _wholeCohort;
    private Func<int[], ElementStatus>? _rowsProblem;
    private IReadOnlyList<IReadOnlyList<int[]>> _correlated = [];

    private GamModel(ModelDesign design, GamSpec gam, GamFamily? family, int subjects)
    {
        (Design, _gam) = (design, gam);
        _method = SmoothnessMethodNames.Parse(gam.Method);
        Family = family;
        PValues = SmoothPValueNames.Parse(gam.SmoothPValues);
        _covariates = new(design);
        Terms = [.. design.Formula.Smooths.Select(call => SmoothTerm.Read(call, design.Formula.Text))];
        Links = new(Terms, design.Formula.Text);
        // While names are determined, a scalar is represented by as many distinct values as subjects.
        ReadOnlyMemory<double>[] stand =
        [
            .. design.ScalarPredictors.Select(_ => (ReadOnlyMemory<double>)Enumerable.Range(1, subjects).Select(i => (double)i).ToArray()),
        ];
        int[] all = [.. Enumerable.Range(0, subjects)];
        var whole = design.Build(all, stand);
        var built = Terms.ToDictionary(term => term, term => Build(term, all, whole.PlaceInFinite, stand));
        AllowsCorrelated = [.. Terms.SelectMany(term => built[term].Select(smooth => GamDesign.AllowsCorrelated(smooth, _method)))];
        Smooths = [.. Terms.SelectMany(term => built[term].Select(smooth => new NamedSmooth(term, smooth.By, smooth.Label)))];
        LargestSmooth = built.Values.SelectMany(several => several).Select(smooth => smooth.X.Columns).DefaultIfEmpty().Max();
        Curves = SmoothCurve.Create(
            Smooths,
            term =>
                UsesScalars(term) || built[term].Any(smooth => smooth.At is null)
                    ? null
                    : [.. term.Covariates.Select(one => _covariates.From(one, all, whole.PlaceInFinite, stand))],
            term => built[term].All(smooth => smooth.SlopeAt is not null),
            gam
        );
        _parameters = FixedParameters.Distribute(gam.Sp, Terms, built);
        if (gam.BasisOfAllSubjects)
            _wholeCohort = new(
                Terms.Where(term => !UsesScalars(term)).ToDictionary(term => term, term => built[term]),
                whole.Rows,
                subjects
            );
        if (design.ColumnNames.Count + Smooths.Count == 0)
            throw new BadInputException(
                $"The formula '{design.Formula}' has no coefficient to estimate. Add a predictor, a smooth or the intercept."
            );
    }

    /// <summary>How smoothing parameters are chosen.</summary>
    public SmoothnessMethod Method => _method;

    /// <summary>The distribution of the response; null: normal with the identity link.</summary>
    public GamFamily? Family { get; }

    /// <summary>The parametric part and the frame of the model.</summary>
    public ModelDesign Design { get; }

    /// <summary>The smooth terms of the formula.</summary>
    public IReadOnlyList<SmoothTerm> Terms { get; }

    /// <summary>Which of them have the same smoothing parameters.</summary>
    public LinkedTerms Links { get; }

    /// <summary>The run's smooths, several for a term with a factor <c>by</c>: those of the whole cohort.</summary>
    public IReadOnlyList<NamedSmooth> Smooths { get; }

    /// <summary>Per smooth of the whole cohort, whether it can be combined with correlated random effects.</summary>
    public IReadOnlyList<bool> AllowsCorrelated { get; }

    /// <summary>The curves that are stored, one per smooth.</summary>
    public IReadOnlyList<SmoothCurve> Curves { get; }

    /// <summary>The largest number of coefficients of a smooth, before side conditions.</summary>
    public int LargestSmooth { get; }

    /// <summary>How the smooths' p-values are evaluated.</summary>
    public SmoothPValues PValues { get; }

    /// <summary>The models without one term, whose fits measure its contribution.</summary>
    public IReadOnlyList<ReducedModel> Reduced { get; private set; } = [];

    /// <summary>Binds a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cohort">The cohort, row i belonging to the response scalar's source i.</param>
    /// <param name="scalars">The scalars of the file.</param>
    /// <param name="responseScalar">The scalar that is fitted.</param>
    /// <exception cref="BadInputException">The formula, a smooth or an option cannot be used with this cohort.</exception>
    /// <exception cref="UsageException">An option's value is wrong.</exception>
    public static GamModel Create(ModelSpec model, CohortTable cohort, IReadOnlyList<string> scalars, string responseScalar)
    {
        var formula = Formula.Parse(model.Formula);
        if (RandomEffect.Find(formula, cohort) is { } random)
            throw new FormulaException(
                $"({random.Term}) is lme4's notation, which --model gamm fits. In a gam a random effect is a smooth; "
                    + $"write {random.AsSmooths}"
                    + (random.AsSmooths.Contains(" + ") ? ", whose terms are not correlated." : "."),
                formula.Text,
                random.Term.Span
            );
        return Create(model, formula, cohort, scalars, responseScalar);
    }

    /// <summary>Binds a model with a formula that has been parsed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="formula">Its formula.</param>
    /// <param name="cohort">The cohort, row i belonging to the response scalar's source i.</param>
    /// <param name="scalars">The scalars of the file.</param>
    /// <param name="responseScalar">The scalar that is fitted.</param>
    /// <param name="rowsProblem">Why no element can be fitted with the given rows, of positive weight, beyond the causes of every gam;
    /// null: never.</param>
    /// <param name="correlated">Where random effects of a group are correlated: per grouping factor its terms, and per term the places of
    /// its smooths; null: nowhere.</param>
    public static GamModel Create(
        ModelSpec model,
        Formula formula,
        CohortTable cohort,
        IReadOnlyList<string> scalars,
        string responseScalar,
        Func<int[], ElementStatus>? rowsProblem = null,
        IReadOnlyList<IReadOnlyList<int[]>>? correlated = null
    )
    {
        var gam = model.Gam ?? new();
        var family = model.Family is { } named ? GamFamily.Create(named) : null;
        if (family is not null)
            FamilyChecks.Method(model.Family!, gam);
        GamModel Bind(Formula bound, GamSpec spec) =>
            new(ModelDesign.Create(bound, cohort, scalars, responseScalar, OptionsFor(bound, model)), spec, family, cohort.Rows);
        var full = Bind(formula, gam);
        (full._rowsProblem, full._correlated) = (rowsProblem, correlated ?? []);
        RefuseUnknownKnots(full, gam);
        full.Reduced =
        [
            .. gam.ChangedRsqTermIndex.Select(index => ReducedModel.Create(full, index, reduced => Bind(reduced, full.SpecFor(reduced)))),
        ];
        return full;
    }

    private static DesignOptions OptionsFor(Formula formula, ModelSpec model)
    {
        // A reduced formula may not contain the factor that contrasts are given for; the full one has been checked.
        var names = formula.Variables.Select(variable => variable.ToString()).ToHashSet(StringComparer.Ordinal);
        var isReduced = formula.Text != model.Formula;
        return new()
        {
            Contrasts = isReduced ? model.Contrasts.Where(pair => names.Contains(pair.Key)).ToDictionary() : model.Contrasts,
            WeightsColumn = model.Weights,
            Subset = model.Subset,
        };
    }

    /// <summary>The options of a reduced model: smoothing parameters of its own terms only, and no reduced models.</summary>
    private GamSpec SpecFor(Formula reduced)
    {
        var left = reduced.Smooths.Select(smooth => smooth.ToString()).ToHashSet(StringComparer.Ordinal);
        return _gam with
        {
            Sp = _gam.Sp is null
                ? null
                : FixedParameters.Collect(_parameters, [.. Terms.Where(term => left.Contains(term.Call.ToString()))]),
            ChangedRsqTermIndex = [],
            SmoothCurves = 0,
            SmoothDerivatives = false,
            SmoothIntervals = null,
        };
    }

    private static void RefuseUnknownKnots(GamModel model, GamSpec gam)
    {
        var covariates = model.Terms.SelectMany(term => term.Covariates).Select(covariate => covariate.ToString()).Distinct().ToList();
        if (gam.Knots.Keys.FirstOrDefault(name => !covariates.Contains(name)) is { } unknown)
            throw new UsageException($"--knots: no smooth has the covariate '{unknown}'. {NearestNames.Hint(unknown, covariates)}");
    }

    private bool UsesScalars(SmoothTerm term) =>
        Links
            .With(term)
            .SelectMany(linked => linked.Covariates.Concat(linked.By is { } by ? [by] : []))
            .SelectMany(expression => expression.Names())
            .Any(name => Design.ScalarPredictors.Contains(name.Name));
}

/// <summary>A smooth of the run.</summary>
/// <param name="Term">The term that it comes from.</param>
/// <param name="By">Its <c>by</c> variable, with the level of a factor (<c>sexM</c>); null: none.</param>
/// <param name="Label">mgcv's label: <c>s(Age):sexM</c>.</param>
internal sealed record NamedSmooth(SmoothTerm Term, string? By, string Label);
