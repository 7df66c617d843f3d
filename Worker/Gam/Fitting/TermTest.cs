namespace HpcFit.Worker.Gam.Fitting;

/// <summary>The test that a smooth is zero, as mgcv's summary prints it.</summary>
/// <param name="Statistic">
/// F, the Wald statistic over <paramref name="ReferenceDegrees"/>; for a known scale chi-square, the statistic.
/// </param>
/// <param name="ReferenceDegrees">Ref.df.</param>
internal readonly record struct TermTest(double Statistic, double ReferenceDegrees);
