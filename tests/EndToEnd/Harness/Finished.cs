namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>What a program left behind when it ended.</summary>
internal sealed record Finished(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Fails the test, showing everything the program said, unless it ended as expected.</summary>
    public Finished ShouldEndWith(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, $"{Command}\n--- standard output\n{Output}\n--- standard error\n{Errors}");
        return this;
    }

    public Finished ShouldSucceed() => ShouldEndWith(0);

    /// <summary>Fails the test unless standard error holds every one of the words.</summary>
    public Finished ShouldSay(params string[] words)
    {
        foreach (var word in words)
            Errors.ShouldContain(word, Case.Insensitive, $"{Command}\n{Errors}");
        return this;
    }
}
