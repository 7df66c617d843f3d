using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Models;

/// <summary>Creates a model's engine.</summary>
/// <param name="model">The model.</param>
/// <param name="cohortInFileOrder">The cohort, row i for the response scalar's source i, derived columns added.</param>
/// <param name="scalarsOfFile">The names of the file's scalars.</param>
/// <param name="responseScalar">The scalar that is fitted.</param>
internal delegate IModelEngine EngineFactory(
    ModelSpec model,
    CohortTable cohortInFileOrder,
    IReadOnlyList<string> scalarsOfFile,
    string responseScalar
);
