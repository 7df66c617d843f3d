namespace HpcFit.Coordinator.Comparing;

/// <summary>
/// The residual degrees of freedom by which F tests compare models. Those of lm are stored. For a gam, mgcv's <c>anova</c> uses the larger
/// effective degrees of freedom tr(2F − FF) instead of tr(F) (Wood 2017, section 6.12), and adds the correction for estimated smoothing
/// parameters that is part of AIC (Wood, Pya and Säfken 2016). All of it follows from stored columns.
/// </summary>
internal static class ResidualDegrees
{
    /// <summary>The column of residual degrees of freedom.</summary>
    public const string Column = "model.df.residual";

    /// <summary>The column of a gam's scale.</summary>
    public const string Scale = "model.scale";

    private const string Aic = "model.AIC";
    private const string LogLikelihood = "model.logLik";
    private const string Rows = "model.nobs";

    /// <summary>Differences below it are rounding errors of the criterion.</summary>
    private const double Rounding = 1e-8;

    /// <summary>The columns that are needed of a model.</summary>
    public static IEnumerable<string> Needed(ComparedModel model) =>
        model.IsGam
            ?
            [
                Column,
                Scale,
                Aic,
                LogLikelihood,
                Rows,
                .. model.Smooths.SelectMany(smooth => (string[])[smooth + ".edf", smooth + ".ref.df"]),
            ]
            : [Column];

    /// <summary>The degrees of freedom of each element.</summary>
    public static double[] Compute(ComparedModel model)
    {
        var degrees = model.Read(Column);
        if (!model.IsGam)
            return degrees;
        var (aic, logLikelihood, rows) = (model.Read(Aic), model.Read(LogLikelihood), model.Read(Rows));
        for (var i = 0; i < degrees.Length; i++)
        {
            // AIC counts the scale as a parameter.
            var correction = (aic[i] / 2) + logLikelihood[i] - 1 - (rows[i] - degrees[i]);
            if (Math.Abs(correction) > Rounding)
                degrees[i] -= correction;
        }
        foreach (var smooth in model.Smooths)
        {
            var (edf, larger) = (model.Read(smooth + ".edf"), model.Read(smooth + ".ref.df"));
            for (var i = 0; i < degrees.Length; i++)
                degrees[i] -= larger[i] - edf[i];
        }
        return degrees;
    }
}
