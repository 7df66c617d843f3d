namespace HpcFit.Worker.Custom;

/// <summary>The languages of functions, told by the ending of the file's name.</summary>
internal enum FunctionLanguage
{
    /// <summary><c>.R</c>, by the site's Rscript.</summary>
    R,

    /// <summary><c>.py</c>, by the site's python3.</summary>
    Python,

    /// <summary><c>.csx</c>, a C# script, by our own host.</summary>
    Script,

    /// <summary><c>.dll</c>, a built assembly, by our own host.</summary>
    Assembly,
}
