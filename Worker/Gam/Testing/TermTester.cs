using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Testing;

/// <summary>The test that one smooth of a design is zero, for one fit after the other. A workspace; not thread-safe.</summary>
internal sealed class TermTester
{
    private readonly GamDesign _design;
    private readonly SmoothnessCriterion? _criterion;
    private readonly PlacedSmooth _place;
    private readonly VarianceComponentTest? _random;
    private readonly NuisanceRandomEffects? _others;
    private readonly WaldTestOfSmooth? _wald;
    private readonly int _referenceDegrees;
    private readonly DenseMatrix _ofFree; // R P for the unpenalised coordinates
    private readonly DenseMatrix _ofPenalised; // and for the penalised ones
    private readonly DenseMatrix _freeCovariance;
    private readonly DenseMatrix _covariance;
    private readonly DenseMatrix _frequentist;
    private readonly double[] _solved;
    private readonly double[] _values;
    private readonly DenseMatrix? _root;
    private readonly DenseMatrix _map; // both
    private readonly AbsorbedEffectTest? _absorbed;
    private readonly double[] _allSolved;

    /// <summary>Prepares the tests of the smooth with index <paramref name="smooth"/>.</summary>
    public TermTester(GamDesign design, SmoothnessCriterion? criterion, int smooth)
    {
        (this._design, this._criterion, _place) = (design, criterion, design.Smooths[smooth]);
        _map = new DenseMatrix(0, 0);
        if (_place.IsAbsorbed)
        {
            _absorbed = new AbsorbedEffectTest(design, (AbsorbedCriterion)criterion!);
            _referenceDegrees = design.CountFreeDirections(_place);
        }
        var size = _place.IsWhollyPenalised ? _place.PenalisedCount : _place.Count;
        _allSolved = new double[design.Dimension];
        (_solved, _values) = (new double[design.PenalisedCount], new double[size]);
        (_covariance, _frequentist, _freeCovariance) = (
            new DenseMatrix(size, size),
            new DenseMatrix(size, size),
            new DenseMatrix(size, size)
        );
        (_ofFree, _ofPenalised) = (new DenseMatrix(size, design.UnpenalisedCount), new DenseMatrix(size, design.PenalisedCount));
        if (_absorbed is not null)
            return;
        if (_place.IsWhollyPenalised)
        {
            _random = new VarianceComponentTest(size);
            _others = NuisanceRandomEffects.Create(design, _place);
            _root = _others is null ? null : new DenseMatrix(size, size);
            _referenceDegrees = design.CountFreeDirections(_place);
            return;
        }
        _wald = new WaldTestOfSmooth(size);
        var own = new DenseMatrix(size, design.Dimension);
        for (var i = 0; i < size; i++)
            design.ToCoefficients.Row(_place.First + i).CopyTo(own.Row(i));
        var map = _map = design.TriangleOf(_place).Times(own);
        for (var i = 0; i < size; i++)
        {
            map.Row(i)[..design.UnpenalisedCount].CopyTo(_ofFree.Row(i));
            map.Row(i)[design.UnpenalisedCount..].CopyTo(_ofPenalised.Row(i));
        }
        _freeCovariance = _ofFree.Times(_ofFree.Transposed());
    }

    /// <summary>The statistic; its mean under the null is <see cref="ReferenceDegrees"/>.</summary>
    public double Statistic => _wald?.Statistic ?? _absorbed?.Statistic ?? _random!.Statistic;

    /// <summary>The reference degrees of freedom.</summary>
    public double ReferenceDegrees => _wald?.Rank ?? _referenceDegrees;

    /// <summary>The p-value.</summary>
    /// <param name="scaleDegrees">The degrees of freedom of the scale's estimate.</param>
    /// <param name="evaluation">How the null distribution is evaluated.</param>
    public double PValue(double scaleDegrees, SmoothPValues evaluation) =>
        _wald?.PValue(scaleDegrees, evaluation) ?? _absorbed?.PValue(scaleDegrees, evaluation) ?? _random!.PValue(scaleDegrees, evaluation);

    /// <summary>Tests the criterion's last fit.</summary>
    /// <param name="coordinates">u and γ.</param>
    /// <param name="input">The element's projections and an absorbed effect's sums.</param>
    /// <param name="scale">σ².</param>
    /// <param name="rank">The smooth's alternative degrees of freedom, <c>tr(2F - FF)</c>.</param>
    public void Run(ReadOnlySpan<double> coordinates, ReadOnlySpan<double> input, double scale, double rank)
    {
        if (_absorbed is not null)
            _absorbed.Run(input, scale);
        else if (_wald is null)
            RunRandom(coordinates, scale);
        else
            RunWald(coordinates, scale, rank);
    }

    private void RunRandom(ReadOnlySpan<double> coordinates, double scale)
    {
        for (var i = 0; i < _place.PenalisedCount; i++)
        for (var j = 0; j < _place.PenalisedCount; j++)
        {
            _covariance[i, j] = scale * _criterion!.Inverse(_place.FirstPenalised + i, _place.FirstPenalised + j);
            _frequentist[i, j] = _criterion.InverseOfData(_place.FirstPenalised + i, _place.FirstPenalised + j);
        }
        _others?.AddTo(_frequentist, _criterion!);
        for (var i = 0; i < _frequentist.Values.Length; i++)
            _frequentist.Values[i] *= scale;
        var coefficients = coordinates.Slice(_design.UnpenalisedCount + _place.FirstPenalised, _place.PenalisedCount);
        if (_others is null || !_others.TryRoot(_criterion!, _root!))
            _random!.Run(coefficients, _covariance, _frequentist);
        else
            _random!.RunWeighted(coefficients, _root!, scale, _frequentist);
    }

    private void RunWald(ReadOnlySpan<double> coordinates, double scale, double rank)
    {
        var size = _values.Length;
        ReadOnlySpan<double> free = coordinates[.._design.UnpenalisedCount],
            penalised = coordinates[_design.UnpenalisedCount..];
        for (var i = 0; i < size; i++)
        {
            _values[i] = FixedOrder.Dot(_ofFree.Row(i), free) + FixedOrder.Dot(_ofPenalised.Row(i), penalised);
            if (_criterion is IEliminatedEffects eliminated)
            {
                eliminated.SolveAll(_map.Row(i), _allSolved);
                for (var j = 0; j <= i; j++)
                    _covariance[i, j] = scale * FixedOrder.Dot(_allSolved, _map.Row(j));
                continue;
            }
            _criterion?.Solve(_ofPenalised.Row(i), _solved);
            for (var j = 0; j <= i; j++)
                _covariance[i, j] = scale * (_freeCovariance[i, j] + FixedOrder.Dot(_solved, _ofPenalised.Row(j)));
        }
        _wald!.Run(_values, _covariance, rank);
    }
}
