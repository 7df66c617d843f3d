namespace HpcFit.Worker.Formulas;

internal sealed partial class ModelDesign
{
    /// <summary>
    /// The values of the left-hand side at an element. NaN in the input: the subject is not finite. NaN in the output: the subject has no
    /// response (na.omit drops it). Infinite in the output: the element cannot be fitted (R's lm refuses it).
    /// </summary>
    /// <param name="y">The response scalar, one value for every subject of the cohort.</param>
    /// <param name="scalarPredictorValues">As in <see cref="Build"/>; read where the response is finite.</param>
    /// <param name="transformed">Receives one value for every subject.</param>
    public void TransformResponse(ReadOnlySpan<double> y, ReadOnlyMemory<double>[] scalarPredictorValues, Span<double> transformed)
    {
        for (var i = 0; i < y.Length; i++)
            transformed[i] = double.IsFinite(y[i]) ? y[i] : double.NaN;
        if (ResponseIsTransformed)
            Transformed(transformed.ToArray(), scalarPredictorValues).CopyTo(transformed);
    }

    private double[] Transformed(double[] response, ReadOnlyMemory<double>[] scalars)
    {
        var rows = Enumerable.Range(0, response.Length).Where(row => !double.IsNaN(response[row])).ToArray();
        // Only the finite rows, as in ModelArray: scale() of the response uses no others.
        var evaluator = EvaluatorOn(rows, scalars, response);
        var values = evaluator.EvaluateVector(Formula.Response);
        for (var i = 0; i < rows.Length; i++)
            response[rows[i]] = values[i];
        return response;
    }
}
