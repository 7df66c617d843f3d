namespace HpcFit.Shared.Specs.Variables;

/// <summary>A hypothesis about the coefficients: C β = 0.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsTest">Whether it is tested by F; otherwise by t.</param>
/// <param name="Rows">C, one weight per coefficient and row.</param>
public sealed record TestedRows(string Name, bool IsTest, IReadOnlyList<IReadOnlyList<double>> Rows);

/// <summary>The model matrix as used, for checking contrasts before a fit.</summary>
/// <param name="Columns">Its columns in order, with the names of result columns.</param>
/// <param name="Subjects">The number of subjects in the fit if none is missing; 0 if the matrix has other values at each element.</param>
/// <param name="Head">The rows of the first subjects in the fit.</param>
/// <param name="Hypotheses">Contrasts and F tests.</param>
public sealed record ModelMatrix(
    IReadOnlyList<string> Columns,
    int Subjects,
    IReadOnlyList<IReadOnlyList<double>> Head,
    IReadOnlyList<TestedRows> Hypotheses
);
