namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>The exit code and output of a program.</summary>
internal sealed record Finished(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Fails the test, showing the program's output, unless it ended as expected.</summary>
    public Finished ShouldEndWith(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, $"{Command}\n--- standard output\n{Output}\n--- standard error\n{Errors}");
        return this;
    }

    public Finished ShouldSucceed() => ShouldEndWith(0);

    /// <summary>Fails the test unless standard error contains all of the words.</summary>
    public Finished ShouldSay(params string[] words)
    {
        foreach (var word in words)
            Errors.ShouldContain(word, Case.Insensitive, $"{Command}\n{Errors}");
        return this;
    }
}
