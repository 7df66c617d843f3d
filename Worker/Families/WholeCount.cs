namespace HpcFit.Worker.Families;

/// <summary>Whether a response is a count.</summary>
internal static class WholeCount
{
    /// <summary>What counts are, for messages.</summary>
    public const string Range = "whole numbers of at least 0";

    /// <summary>R's tolerance, relative above 1.</summary>
    private const double Tolerance = 1e-7;

    /// <summary>Whether a number is whole, to R's tolerance.</summary>
    public static bool Is(double value) => Math.Abs(value - Math.Round(value)) <= Tolerance * Math.Max(1, Math.Abs(value));
}
