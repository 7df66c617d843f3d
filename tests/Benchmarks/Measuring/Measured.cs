namespace HpcFit.Benchmarks.Measuring;

/// <summary>One run of a program: wall time, and what the kernel counted for it and its children.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="ProcessorSeconds">User and system time of the process and its children.</param>
/// <param name="PeakBytes">Resident memory of the largest single process.</param>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record Measured(double Seconds, double ProcessorSeconds, long PeakBytes, int ExitCode, string Output, string Errors)
{
    /// <summary>Processors it kept busy on average.</summary>
    public double BusyProcessors => ProcessorSeconds / Seconds;
}
