using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Kernels;

/// <summary>Which implementation of the numeric kernels fits the elements.</summary>
internal enum KernelChoice
{
    /// <summary>The widest registers of this machine.</summary>
    Auto,

    /// <summary>The same algorithm without SIMD: the same bits.</summary>
    Scalar,

    /// <summary>A textbook algorithm, element by element, for lm with MathNet.Numerics: equal to 1e-9.</summary>
    Reference,
}

/// <summary>
/// Reads <see cref="KernelChoice"/> from the environment variable <c>HPCFIT_KERNEL</c>: <c>auto</c>, <c>scalar</c> or <c>reference</c>.
/// </summary>
internal static class KernelEnvironment
{
    /// <summary>The variable.</summary>
    public const string Variable = "HPCFIT_KERNEL";

    /// <summary>The choice of this process; <see cref="KernelChoice.Auto"/> when the variable is not set.</summary>
    /// <exception cref="UsageException">The variable has an unknown value.</exception>
    public static KernelChoice Read() => Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Parses the value of the variable; null and empty mean <see cref="KernelChoice.Auto"/>.</summary>
    /// <exception cref="UsageException">The value is unknown.</exception>
    public static KernelChoice Parse(string? value) =>
        value switch
        {
            null or "" or "auto" => KernelChoice.Auto,
            "scalar" => KernelChoice.Scalar,
            "reference" => KernelChoice.Reference,
            _ => throw new UsageException(
                $"The environment variable {Variable} is '{value}'; expected 'auto', 'scalar' or 'reference'. Unset it to let the "
                    + "program choose."
            ),
        };
}
