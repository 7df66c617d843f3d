namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>A program made by a test, which HpcFit starts in place of another.</summary>
internal static class ShellScript
{
    /// <summary>Makes it executable at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="body">The lines after the first.</param>
    /// <returns>The path.</returns>
    public static string Write(string path, string body)
    {
        var text = path + ".text";
        File.WriteAllText(text, $"#!/bin/sh\n{body}\n");
        // Written by another process: a program that this process had open for writing is busy (ETXTBSY) while a parallel test starts a
        // process.
        using var install = Running.Start("install", ["-m", "755", text, path]);
        install.Wait().ShouldSucceed();
        File.Delete(text);
        return path;
    }
}
