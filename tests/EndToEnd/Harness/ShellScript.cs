namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>A program of a test's own, for HpcFit to start in place of another.</summary>
internal static class ShellScript
{
    /// <summary>Makes it executable at a path.</summary>
    /// <param name="path">Where.</param>
    /// <param name="body">What follows its first line.</param>
    /// <returns>The path.</returns>
    public static string Write(string path, string body)
    {
        var text = path + ".text";
        File.WriteAllText(text, $"#!/bin/sh\n{body}\n");
        // By another process: a program that this one had open for writing is busy (ETXTBSY) while a parallel test starts a process.
        using var install = Running.Start("install", ["-m", "755", text, path]);
        install.Wait().ShouldSucceed();
        File.Delete(text);
        return path;
    }
}
