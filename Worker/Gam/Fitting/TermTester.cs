using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>The test that one smooth of a design is zero, for one fit after the other. A workspace of one thread.</summary>
internal sealed class TermTester
{
    private readonly GamDesign design;
    private readonly SmoothnessCriterion? criterion;
    private readonly PlacedSmooth place;
    private readonly VarianceComponentTest? random;
    private readonly NuisanceRandomEffects? others;
    private readonly WaldTestOfSmooth? wald;
    private readonly int referenceDegrees;
    private readonly DenseMatrix ofFree;         // R P for the unpenalised coordinates
    private readonly DenseMatrix ofPenalised;    // and for the penalised ones
    private readonly DenseMatrix freeCovariance;
    private readonly DenseMatrix covariance;
    private readonly DenseMatrix frequentist;
    private readonly double[] solved;
    private readonly double[] values;
    private readonly DenseMatrix? root;

    /// <summary>Prepares the tests of smooth number <paramref name="smooth"/>.</summary>
    public TermTester(GamDesign design, SmoothnessCriterion? criterion, int smooth)
    {
        (this.design, this.criterion, place) = (design, criterion, design.Smooths[smooth]);
        var size = place.IsWhollyPenalised ? place.PenalisedCount : place.Count;
        (solved, values) = (new double[design.PenalisedCount], new double[size]);
        (covariance, frequentist, freeCovariance) = (new DenseMatrix(size, size), new DenseMatrix(size, size), new DenseMatrix(size, size));
        (ofFree, ofPenalised) = (new DenseMatrix(size, design.UnpenalisedCount), new DenseMatrix(size, design.PenalisedCount));
        if (place.IsWhollyPenalised)
        {
            random = new VarianceComponentTest(size);
            others = NuisanceRandomEffects.Beside(design, place);
            root = others is null ? null : new DenseMatrix(size, size);
            referenceDegrees = design.CountFreeDirections(place);
            return;
        }
        wald = new WaldTestOfSmooth(size);
        var own = new DenseMatrix(size, design.Dimension);
        for (var i = 0; i < size; i++) design.ToCoefficients.Row(place.First + i).CopyTo(own.Row(i));
        var map = design.TriangleOf(place).Times(own);
        for (var i = 0; i < size; i++)
        {
            map.Row(i)[..design.UnpenalisedCount].CopyTo(ofFree.Row(i));
            map.Row(i)[design.UnpenalisedCount..].CopyTo(ofPenalised.Row(i));
        }
        freeCovariance = ofFree.Times(ofFree.Transposed());
    }

    /// <summary>The statistic, its mean under the null being <see cref="ReferenceDegrees"/>.</summary>
    public double Statistic => wald?.Statistic ?? random!.Statistic;

    /// <summary>The reference degrees of freedom.</summary>
    public double ReferenceDegrees => wald?.Rank ?? referenceDegrees;

    /// <summary>The p-value.</summary>
    /// <param name="scaleDegrees">The degrees of freedom of the scale's estimate.</param>
    /// <param name="evaluation">How the null law is evaluated.</param>
    public double PValue(double scaleDegrees, SmoothPValues evaluation) => wald?.PValue(scaleDegrees, evaluation) ?? random!.PValue(scaleDegrees, evaluation);

    /// <summary>Tests the criterion's last fit.</summary>
    /// <param name="coordinates">u and γ.</param>
    /// <param name="scale">σ².</param>
    /// <param name="rank">The smooth's alternative degrees of freedom, <c>tr(2F - FF)</c>.</param>
    public void Run(ReadOnlySpan<double> coordinates, double scale, double rank)
    {
        if (wald is null) RunRandom(coordinates, scale);
        else RunWald(coordinates, scale, rank);
    }

    private void RunRandom(ReadOnlySpan<double> coordinates, double scale)
    {
        for (var i = 0; i < place.PenalisedCount; i++)
            for (var j = 0; j < place.PenalisedCount; j++)
            {
                covariance[i, j] = scale * criterion!.Inverse(place.FirstPenalised + i, place.FirstPenalised + j);
                frequentist[i, j] = criterion.InverseOfData(place.FirstPenalised + i, place.FirstPenalised + j);
            }
        others?.AddTo(frequentist, criterion!);
        for (var i = 0; i < frequentist.Values.Length; i++) frequentist.Values[i] *= scale;
        var coefficients = coordinates.Slice(design.UnpenalisedCount + place.FirstPenalised, place.PenalisedCount);
        if (others is null || !others.TryRoot(criterion!, root!)) random!.Run(coefficients, covariance, frequentist);
        else random!.RunWeighted(coefficients, root!, scale, frequentist);
    }

    private void RunWald(ReadOnlySpan<double> coordinates, double scale, double rank)
    {
        var size = values.Length;
        ReadOnlySpan<double> free = coordinates[..design.UnpenalisedCount], penalised = coordinates[design.UnpenalisedCount..];
        for (var i = 0; i < size; i++)
        {
            values[i] = FixedOrder.Dot(ofFree.Row(i), free) + FixedOrder.Dot(ofPenalised.Row(i), penalised);
            criterion?.Solve(ofPenalised.Row(i), solved);
            for (var j = 0; j <= i; j++) covariance[i, j] = scale * (freeCovariance[i, j] + FixedOrder.Dot(solved, ofPenalised.Row(j)));
        }
        wald!.Run(values, covariance, rank);
    }
}
