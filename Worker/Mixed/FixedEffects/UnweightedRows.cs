using HpcFit.Worker.Algebra;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>The least squares of the rows without their weights, which sequential tests are defined by.</summary>
internal static class UnweightedRows
{
    /// <summary>Factors the model matrix on some rows.</summary>
    /// <param name="qr">Is filled.</param>
    /// <param name="design">The model matrix.</param>
    /// <param name="places">The places of the rows in <paramref name="design"/>.</param>
    /// <param name="scratch">Rows times columns values; is overwritten.</param>
    /// <returns><paramref name="qr"/>.</returns>
    public static PivotedQr Factor(PivotedQr qr, DesignMatrix design, ReadOnlySpan<int> places, Span<double> scratch)
    {
        for (var c = 0; c < design.Columns; c++)
        for (var i = 0; i < places.Length; i++)
            scratch[(c * places.Length) + i] = design.Values[(c * design.Rows.Length) + places[i]];
        qr.Factor(scratch[..(places.Length * design.Columns)], places.Length, design.Columns);
        return qr;
    }
}
